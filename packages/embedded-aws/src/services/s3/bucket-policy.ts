import type * as Sdk from "@aws-sdk/client-s3";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { onBucket } from "./authorization.ts";
import { bucketNamed } from "./find-bucket.ts";
import type { Bucket } from "./state.ts";

export const operations = {
  PutBucketPolicy: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "PutBucketPolicy")],
    run(input, call) {
      const bucket = bucketNamed(call, input);
      checkPolicy(bucket, input.Policy ?? "");
      bucket.policy = input.Policy;
      return {};
    },
  },
  GetBucketPolicy: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "GetBucketPolicy")],
    run(input, call) {
      const { policy } = bucketNamed(call, input);
      if (policy === undefined) {
        throw new AwsError("NoSuchBucketPolicy", "The bucket policy does not exist", { status: 404 });
      }
      return { Policy: policy };
    },
  },
  DeleteBucketPolicy: {
    authorize: ({ Bucket }, call) => [onBucket(call, Bucket, "DeleteBucketPolicy")],
    run(input, call) {
      bucketNamed(call, input).policy = undefined;
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

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

/** Anybody is let in, on no condition. */
const isPublic = ({ Effect, Principal, Condition }: Statement): boolean =>
  Effect === "Allow" &&
  Condition === undefined &&
  [Principal, (Principal as { AWS?: unknown }).AWS].flat().includes("*");

const malformed = (message: string) => new AwsError("MalformedPolicy", message, { status: 400 });
