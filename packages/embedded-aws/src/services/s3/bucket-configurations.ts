import { AwsError } from "../../engine/aws-error.ts";
import type { Operation } from "../../engine/operation.ts";
import { onBucket } from "./authorization.ts";
import { bucketNamed } from "./state.ts";

/** A setting of a bucket that is put and read back whole. */
interface Configuration {
  /** The operations' name without their verb. */
  readonly name: string;
  /** The input's member that holds it. */
  readonly member: string;
  /** Whether the output holds it in the same member, or is it. */
  readonly wrapped: boolean;
  /** IAM action without its verb. */
  readonly action: string;
  /** What GetX answers where nothing was put: an error's code, or nothing. */
  readonly absent?: string;
  /** The operation that takes it away, where there is one. */
  readonly remove?: string;
  /** What is there once it was taken away; left out: nothing. */
  readonly usual?: Value;
  /** Why AWS would refuse it. */
  readonly refuse?: (value: Value) => string | undefined;
}

type Value = Readonly<Record<string, unknown>>;

const rules = ({ Rules }: Value) => (Array.isArray(Rules) && Rules.length > 0 ? undefined : "Rules must not be empty");

/** No bucket is without encryption (S3 user guide, "Setting default server-side encryption behavior"). */
export const DEFAULT_ENCRYPTION: Value = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
};

const CONFIGURATIONS: readonly Configuration[] = [
  {
    name: "BucketVersioning",
    member: "VersioningConfiguration",
    wrapped: false,
    action: "BucketVersioning",
    refuse: ({ Status }) =>
      ["Enabled", "Suspended"].includes(String(Status)) ? undefined : "Status must be Enabled or Suspended",
  },
  {
    name: "PublicAccessBlock",
    member: "PublicAccessBlockConfiguration",
    wrapped: true,
    action: "BucketPublicAccessBlock",
    absent: "NoSuchPublicAccessBlockConfiguration",
    remove: "DeletePublicAccessBlock",
  },
  {
    name: "BucketEncryption",
    member: "ServerSideEncryptionConfiguration",
    wrapped: true,
    action: "EncryptionConfiguration",
    absent: "ServerSideEncryptionConfigurationNotFoundError",
    remove: "DeleteBucketEncryption",
    usual: DEFAULT_ENCRYPTION,
    refuse: rules,
  },
  {
    name: "BucketLifecycleConfiguration",
    member: "LifecycleConfiguration",
    wrapped: false,
    action: "LifecycleConfiguration",
    absent: "NoSuchLifecycleConfiguration",
    remove: "DeleteBucketLifecycle",
    refuse: rules,
  },
  {
    name: "BucketOwnershipControls",
    member: "OwnershipControls",
    wrapped: true,
    action: "BucketOwnershipControls",
    absent: "OwnershipControlsNotFoundError",
    remove: "DeleteBucketOwnershipControls",
    refuse: rules,
  },
  {
    name: "BucketCors",
    member: "CORSConfiguration",
    wrapped: false,
    action: "BucketCORS",
    absent: "NoSuchCORSConfiguration",
    remove: "DeleteBucketCors",
  },
  {
    name: "BucketTagging",
    member: "Tagging",
    wrapped: false,
    action: "BucketTagging",
    absent: "NoSuchTagSet",
    remove: "DeleteBucketTagging",
  },
];

type Input = Value & { readonly Bucket?: string; readonly ExpectedBucketOwner?: string };

const reference = ({ Bucket, ExpectedBucketOwner }: Input) => ({ Bucket, ExpectedBucketOwner });

const operationsOf = (configuration: Configuration): [string, Operation][] => {
  const { name, member, wrapped, action, absent, remove, usual, refuse } = configuration;
  const put: Operation<Input, Value> = {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, `Put${action}`)],
    run(input, call) {
      const value = (input[member] ?? {}) as Value;
      const bucket = bucketNamed(call, reference(input));
      const reason = refuse?.(value);
      if (reason) {
        const message = `The XML you provided was not well-formed or did not validate against our published schema: ${reason}`;
        throw new AwsError("MalformedXML", message, { status: 400 });
      }
      bucket.configurations.set(name, structuredClone(value));
      return {};
    },
  };
  const get: Operation<Input, Value> = {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, `Get${action}`)],
    run(input, call) {
      const value = bucketNamed(call, reference(input)).configurations.get(name);
      if (!value && absent) throw new AwsError(absent, "The configuration does not exist", { status: 404 });
      return wrapped ? { [member]: value } : (value ?? {});
    },
  };
  // Taking away is granted by the right to put (service authorization reference of S3).
  const drop: Operation<Input, Value> = {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, `Put${action}`)],
    run(input, call) {
      const { configurations } = bucketNamed(call, reference(input));
      if (usual) configurations.set(name, usual);
      else configurations.delete(name);
      return {};
    },
  };
  return [[`Put${name}`, put], [`Get${name}`, get], ...(remove ? [[remove, drop] as [string, Operation]] : [])];
};

/** Put, Get and Delete of each setting. They say what the bucket is set to; objects do not expire by them. */
export const operations: Readonly<Record<string, Operation>> = Object.fromEntries(CONFIGURATIONS.flatMap(operationsOf));
