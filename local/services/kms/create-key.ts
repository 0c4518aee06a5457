import type { CreateKeyCommandInput, CreateKeyCommandOutput } from "@aws-sdk/client-kms";
import { AwsError } from "../../aws-error.ts";
import { operation } from "../../operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { toKeyMetadata } from "./key-metadata.ts";
import { requirePolicyDocument } from "./key-policy.ts";
import { makeKey } from "./make-key.ts";

const tagsOf = (input: CreateKeyCommandInput) =>
  (input.Tags ?? []).map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""] as const);

/** Symmetric keys only: that is what EBS takes. */
export const createKey = operation<CreateKeyCommandInput, Omit<CreateKeyCommandOutput, "$metadata">>({
  authorize(input) {
    const context = requestTagContext(tagsOf(input));
    return [{ context }, ...(input.Tags?.length ? [{ action: "kms:TagResource", context }] : [])];
  },
  run(input, { aws, account, region }) {
    const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
    if (spec !== "SYMMETRIC_DEFAULT" || (input.Origin ?? "AWS_KMS") !== "AWS_KMS") {
      throw new AwsError("NotImplemented", "kms:CreateKey is built for symmetric keys with origin AWS_KMS only");
    }
    const policy = input.Policy ? requirePolicyDocument(input.Policy) : defaultPolicy(aws.partition, account);
    const key = makeKey(aws, {
      account,
      region,
      manager: "CUSTOMER",
      policy,
      multiRegion: input.MultiRegion,
      description: input.Description,
      tags: tagsOf(input),
    });
    return { KeyMetadata: toKeyMetadata(key) };
  },
});

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
