import type * as Sdk from "@aws-sdk/client-kms";
import type { CreateKeyCommandInput } from "@aws-sdk/client-kms";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { toKeyMetadata } from "./key-metadata.ts";
import { requirePolicyDocument } from "./key-policy.ts";
import { makeKey } from "./make-key.ts";
import { isSigningSpec, SIGNING_SPECS } from "./signing/algorithms.ts";
import type { SigningMaterial } from "./state.ts";

const tagsOf = (input: CreateKeyCommandInput) =>
  (input.Tags ?? []).map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""] as const);

export const operations = {
  /** Symmetric keys, which are what EBS takes, and asymmetric ones that sign. */
  CreateKey: {
    authorize(input) {
      const context = requestTagContext(tagsOf(input));
      return [{ context }, ...(input.Tags?.length ? [{ action: "kms:TagResource", context }] : [])];
    },
    run(input, { aws, account, region }) {
      if ((input.Origin ?? "AWS_KMS") !== "AWS_KMS") {
        throw new AwsError("NotImplemented", "kms:CreateKey is built for keys with origin AWS_KMS only");
      }
      const signing = toSigning(input);
      const policy = input.Policy ? requirePolicyDocument(input.Policy) : defaultPolicy(aws.partition, account);
      const key = makeKey(aws, {
        account,
        region,
        manager: "CUSTOMER",
        policy,
        signing,
        multiRegion: input.MultiRegion,
        description: input.Description,
        tags: tagsOf(input),
      });
      return { KeyMetadata: toKeyMetadata(key) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws ValidationException where spec and usage do not go together */
function toSigning(input: CreateKeyCommandInput): SigningMaterial | undefined {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
  const usage = input.KeyUsage ?? "ENCRYPT_DECRYPT";
  if (spec === "SYMMETRIC_DEFAULT" && usage === "ENCRYPT_DECRYPT") return undefined;
  if (spec === "SYMMETRIC_DEFAULT" || (isSigningSpec(spec) && input.KeyUsage === undefined)) {
    throw new AwsError("ValidationException", `KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  }
  if (!isSigningSpec(spec) || usage !== "SIGN_VERIFY") {
    const built = Object.keys(SIGNING_SPECS).join(", ");
    throw new AwsError(
      "NotImplemented",
      `kms:CreateKey is built for SYMMETRIC_DEFAULT with ENCRYPT_DECRYPT, and ${built} with SIGN_VERIFY`,
    );
  }
  return { spec, privateKey: SIGNING_SPECS[spec].make() };
}

/** What a key gets that nobody wrote a policy for: IAM policies of the account decide. */
const defaultPolicy = (partition: string, account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
