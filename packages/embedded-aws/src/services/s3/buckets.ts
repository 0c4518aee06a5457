import type * as Sdk from "@aws-sdk/client-s3";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { canonicalId } from "./bucket-acl.ts";
import { type Bucket, bucketNamed, bucketsOf, onBucket } from "./state.ts";

/** The region that must not be given as a location constraint. */
const OLDEST_REGION = "us-east-1";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const NAME = /^(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** S3's settings for every new bucket since April 2023. */
const newBucket: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    "PublicAccessBlock",
    { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  ],
  ["BucketOwnershipControls", { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] }],
];

export const operations = {
  /** The caller's own, in all regions or the requested one. */
  ListBuckets: {
    list: { items: "Buckets", given: "ContinuationToken", size: "MaxBuckets", usual: 10_000 },
    authorize: () => [{ action: "s3:ListAllMyBuckets" }],
    run({ Prefix: prefix = "", BucketRegion: region }, { aws, account }) {
      const own = [...bucketsOf(aws).values()]
        .filter((bucket) => bucket.account === account && bucket.name.startsWith(prefix))
        .filter((bucket) => region === undefined || bucket.region === region)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return {
        Buckets: own.map((bucket) => ({
          Name: bucket.name,
          CreationDate: bucket.created,
          BucketRegion: bucket.region,
        })),
        Owner: { ID: canonicalId(account) },
      };
    },
  },
  CreateBucket: {
    authorize: ({ Bucket }, call) => [
      { ...onBucket(call, Bucket, "CreateBucket"), owner: call.account, resourcePolicy: undefined },
    ],
    run({ Bucket: name = "", CreateBucketConfiguration: configuration }, { aws, account, region }) {
      if (!NAME.test(name)) throw new AwsError("InvalidBucketName", "The specified bucket is not valid.");
      const location = configuration?.LocationConstraint;
      if (location === undefined ? region !== OLDEST_REGION : location !== region && region !== OLDEST_REGION) {
        const message = `The ${location ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`;
        throw new AwsError("IllegalLocationConstraintException", message);
      }
      const existing = bucketsOf(aws).get(name);
      if (existing?.account === account) {
        throw new AwsError(
          "BucketAlreadyOwnedByYou",
          "Your previous request to create the named bucket succeeded and you already own it.",
        );
      }
      if (existing) {
        throw new AwsError(
          "BucketAlreadyExists",
          "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
        );
      }
      bucketsOf(aws).set(name, {
        name,
        account,
        region: location ?? region,
        created: new Date(aws.clock.now()),
        objects: new Map(),
        policy: undefined,
        configurations: new Map(newBucket),
      });
      return { Location: `/${name}` };
    },
  },
  HeadBucket: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "ListBucket")],
    run: (input, call) => ({ BucketRegion: bucketNamed(call, input).region, AccessPointAlias: false }),
  },
  DeleteBucket: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "DeleteBucket")],
    run(input, call) {
      const bucket = bucketNamed(call, input);
      if (bucket.objects.size > 0) {
        throw new AwsError("BucketNotEmpty", "The bucket you tried to delete is not empty", { status: 409 });
      }
      bucketsOf(call.aws).delete(bucket.name);
    },
  },
  GetBucketLocation: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "GetBucketLocation")],
    run(input, call) {
      const { region } = bucketNamed(call, input);
      return region === OLDEST_REGION
        ? {}
        : { LocationConstraint: region as NonNullable<Sdk.GetBucketLocationCommandOutput["LocationConstraint"]> };
    },
  },
  PutBucketPolicy: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "PutBucketPolicy")],
    run(input, call) {
      const bucket = bucketNamed(call, input);
      checkPolicy(bucket, input.Policy ?? "");
      bucket.policy = input.Policy;
    },
  },
  GetBucketPolicy: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "GetBucketPolicy")],
    run(input, call) {
      return { Policy: policyOf(bucketNamed(call, input)) };
    },
  },
  GetBucketPolicyStatus: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "GetBucketPolicyStatus")],
    run(input, call) {
      return { PolicyStatus: { IsPublic: statementsOf(policyOf(bucketNamed(call, input))).some(isPublic) } };
    },
  },
  DeleteBucketPolicy: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "DeleteBucketPolicy")],
    run(input, call) {
      bucketNamed(call, input).policy = undefined;
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws AwsError NoSuchBucketPolicy */
function policyOf({ policy }: Bucket): string {
  if (policy !== undefined) return policy;
  throw new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", { status: 404 });
}

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
  readonly Resource?: unknown;
}

function checkPolicy(bucket: Bucket, text: string): void {
  const statements = statementsOf(text);
  for (const { Effect, Principal, Resource } of statements) {
    if (Effect !== "Allow" && Effect !== "Deny") throw malformed("Missing required field Effect");
    if (Principal === undefined) throw malformed("Missing required field Principal");
    const own = `arn:aws:s3:::${bucket.name}`;
    const resources = [Resource ?? []].flat();
    if (!resources.length || !resources.every((one) => one === own || String(one).startsWith(`${own}/`))) {
      throw malformed("Policy has invalid resource");
    }
  }
  if (bucket.configurations.get("PublicAccessBlock")?.BlockPublicPolicy && statements.some(isPublic)) {
    const message =
      "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.";
    throw new AwsError("AccessDenied", message, { status: 403 });
  }
}

function statementsOf(text: string): Statement[] {
  let policy: { Statement?: unknown };
  try {
    policy = JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  const statements = [policy?.Statement ?? []].flat();
  if (statements.length === 0) throw malformed("Missing required field Statement");
  return statements as Statement[];
}

/** Allows all principals without a condition. */
const isPublic = ({ Effect, Principal, Condition }: Statement): boolean =>
  Effect === "Allow" &&
  Condition === undefined &&
  [Principal, (Principal as { AWS?: unknown }).AWS].flat().includes("*");

const malformed = (message: string) => new AwsError("MalformedPolicy", message);
