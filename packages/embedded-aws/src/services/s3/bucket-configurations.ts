import type { Tag } from "@aws-sdk/client-s3";
import { AwsError, type Operation } from "../../engine/operation.ts";
import { checkTagSet } from "./object-tags.ts";
import { bucketNamed, onBucket } from "./state.ts";

/** A bucket setting that is written and read as a whole. */
interface Configuration {
  /** The operations' name without their verb. */
  readonly name: string;
  /** The input's member that contains it; omitted: it cannot be set here. */
  readonly member?: string;
  /** Whether the output contains it in the same member, or is the setting itself. */
  readonly wrapped?: true;
  /** IAM action without its verb. */
  readonly action: string;
  /** Code and message of GetX if it was never set; omitted: GetX answers `usual`, or nothing. */
  readonly absent?: readonly [code: string, message: string];
  /** The operation that removes it, if there is one. */
  readonly remove?: string;
  /** A bucket's default; omitted: none. */
  readonly usual?: Value;
  /** Other members, in the input of PutX and in both outputs, with their defaults. */
  readonly beside?: Value;
  /** Why AWS would refuse it. */
  readonly refuse?: (value: Value) => string | undefined;
  /** @throws AwsError with a specific code */
  readonly check?: (value: Value) => void;
}

type Value = Readonly<Record<string, unknown>>;

const rules = ({ Rules }: Value) => (Array.isArray(Rules) && Rules.length > 0 ? undefined : "Rules must not be empty");

/** Every bucket has encryption (S3 user guide, "Setting default server-side encryption behavior"). */
const DEFAULT_ENCRYPTION: Value = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
};

const CONFIGURATIONS: readonly Configuration[] = [
  {
    name: "BucketVersioning",
    member: "VersioningConfiguration",
    action: "BucketVersioning",
    refuse: ({ Status }) =>
      ["Enabled", "Suspended"].includes(String(Status)) ? undefined : "Status must be Enabled or Suspended",
  },
  {
    name: "PublicAccessBlock",
    member: "PublicAccessBlockConfiguration",
    wrapped: true,
    action: "BucketPublicAccessBlock",
    absent: ["NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"],
    remove: "DeletePublicAccessBlock",
  },
  {
    name: "BucketEncryption",
    member: "ServerSideEncryptionConfiguration",
    wrapped: true,
    action: "EncryptionConfiguration",
    remove: "DeleteBucketEncryption",
    usual: DEFAULT_ENCRYPTION,
    refuse: rules,
  },
  {
    name: "BucketLifecycleConfiguration",
    member: "LifecycleConfiguration",
    action: "LifecycleConfiguration",
    absent: ["NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"],
    remove: "DeleteBucketLifecycle",
    beside: { TransitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
    refuse: rules,
  },
  {
    name: "BucketOwnershipControls",
    member: "OwnershipControls",
    wrapped: true,
    action: "BucketOwnershipControls",
    absent: ["OwnershipControlsNotFoundError", "The bucket ownership controls were not found"],
    remove: "DeleteBucketOwnershipControls",
    refuse: rules,
  },
  {
    name: "BucketCors",
    member: "CORSConfiguration",
    action: "BucketCORS",
    absent: ["NoSuchCORSConfiguration", "The CORS configuration does not exist"],
    remove: "DeleteBucketCors",
  },
  {
    name: "BucketTagging",
    member: "Tagging",
    action: "BucketTagging",
    absent: ["NoSuchTagSet", "The TagSet does not exist"],
    remove: "DeleteBucketTagging",
    check: ({ TagSet }) => checkTagSet("Bucket", (TagSet ?? []) as Tag[]),
  },
  {
    name: "BucketWebsite",
    member: "WebsiteConfiguration",
    action: "BucketWebsite",
    absent: ["NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"],
    remove: "DeleteBucketWebsite",
  },
  {
    name: "BucketAccelerateConfiguration",
    member: "AccelerateConfiguration",
    action: "AccelerateConfiguration",
  },
  {
    name: "BucketRequestPayment",
    member: "RequestPaymentConfiguration",
    action: "BucketRequestPayment",
    usual: { Payer: "BucketOwner" },
  },
  { name: "BucketLogging", action: "BucketLogging" },
  { name: "BucketNotificationConfiguration", action: "BucketNotification" },
  {
    name: "BucketReplication",
    action: "ReplicationConfiguration",
    absent: ["ReplicationConfigurationNotFoundError", "The replication configuration was not found"],
  },
  {
    name: "ObjectLockConfiguration",
    action: "BucketObjectLockConfiguration",
    absent: ["ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"],
  },
];

type Input = Value & { readonly Bucket?: string; readonly ExpectedBucketOwner?: string };

const reference = ({ Bucket, ExpectedBucketOwner }: Input) => ({ Bucket, ExpectedBucketOwner });

const operationsOf = (configuration: Configuration): [string, Operation][] => {
  const { name, member, wrapped, action, absent, remove, usual, beside = {}, refuse, check } = configuration;
  const get: Operation<Input, Value> = {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, `Get${action}`)],
    run(input, call) {
      const value = bucketNamed(call, reference(input)).configurations.get(name) ?? usual;
      if (!value && absent) throw new AwsError(...absent, { status: 404 });
      return member && wrapped ? { [member]: value } : (value ?? {});
    },
  };
  if (member === undefined) return [[`Get${name}`, get]];
  const put: Operation<Input, Value> = {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, `Put${action}`)],
    run(input, call) {
      const value = (input[member] ?? {}) as Value;
      const bucket = bucketNamed(call, reference(input));
      const reason = refuse?.(value);
      if (reason) {
        const message = `The XML you provided was not well-formed or did not validate against our published schema: ${reason}`;
        throw new AwsError("MalformedXML", message);
      }
      check?.(value);
      const said = Object.fromEntries(Object.entries(beside).map(([one, left]) => [one, input[one] ?? left]));
      bucket.configurations.set(name, structuredClone({ ...value, ...said }));
      return said;
    },
  };
  // Removal requires the permission to put (service authorization reference of S3).
  const drop: Operation<Input, Value> = {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, `Put${action}`)],
    run(input, call) {
      bucketNamed(call, reference(input)).configurations.delete(name);
      return {};
    },
  };
  return [[`Put${name}`, put], [`Get${name}`, get], ...(remove ? [[remove, drop] as [string, Operation]] : [])];
};

/**
 * Put, Get and Delete of each setting. Settings are only stored: lifecycle rules do not expire objects, and websites
 * are not served.
 */
export const operations: Readonly<Record<string, Operation>> = Object.fromEntries(CONFIGURATIONS.flatMap(operationsOf));
