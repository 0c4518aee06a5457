import type * as Sdk from "@aws-sdk/client-kms";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { authorizeKey, requireCustomerKey, requireKey } from "./find-key.ts";
import { requirePolicyDocument } from "./key-policy.ts";
import { makeKey } from "./make-key.ts";
import { isSigningSpec, SIGNING_SPECS } from "./signing/algorithms.ts";
import { type Key, kmsState, type SigningMaterial, validationError } from "./state.ts";

const DAY = 86_400_000;

export const operations = {
  EnableKey: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireCustomerKey(call, input.KeyId).state = "Enabled";
    },
  },
  DisableKey: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireCustomerKey(call, input.KeyId).state = "Disabled";
    },
  },
  UpdateKeyDescription: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireCustomerKey(call, input.KeyId).description = input.Description ?? "";
    },
  },
  ScheduleKeyDeletion: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const days = input.PendingWindowInDays ?? 30;
      if (days < 7 || days > 30) {
        throw validationError(
          `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between 7 and 30`,
        );
      }
      const key = requireCustomerKey(call, input.KeyId);
      const deletionAt = call.aws.clock.now() + days * DAY;
      key.state = "PendingDeletion";
      key.deletionAt = deletionAt;
      call.aws.clock.after(days * DAY, () => {
        if (key.deletionAt === deletionAt) forget(call.aws, key, call.region);
      });
      return {
        KeyId: key.arn,
        DeletionDate: new Date(deletionAt),
        KeyState: "PendingDeletion",
        PendingWindowInDays: days,
      };
    },
  },
  CancelKeyDeletion: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const key = requireKey(call.aws, call, input.KeyId);
      if (key.state !== "PendingDeletion") {
        throw new AwsError("KMSInvalidStateException", `${key.arn} is not pending deletion.`);
      }
      // After a cancelled deletion a key is disabled.
      key.state = "Disabled";
      key.deletionAt = undefined;
      return { KeyId: key.arn };
    },
  },
  /** Symmetric keys, which EBS needs, and asymmetric signing keys. */
  CreateKey: {
    authorize(input) {
      const context = requestTagContext(tagsOf(input));
      return [{ context }, ...(input.Tags?.length ? [{ action: "kms:TagResource", context }] : [])];
    },
    run(input, { aws, account, region }) {
      if ((input.Origin ?? "AWS_KMS") !== "AWS_KMS") {
        throw new AwsError("NotImplemented", "kms:CreateKey is built only for keys with origin AWS_KMS");
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
  DescribeKey: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run: (input, call) => ({ KeyMetadata: toKeyMetadata(requireKey(call.aws, call, input.KeyId)) }),
  },
  ListKeys: {
    list: { items: "Keys", usual: 100 },
    run(_, { aws, account, region }) {
      const keys = [...aws.state(kmsState, account, region).keys.values()];
      return { Keys: keys.map((key) => ({ KeyId: key.id, KeyArn: key.arn })) };
    },
  },
} satisfies Operations<typeof Sdk>;

function forget(aws: EmbeddedAws, key: Key, region: string): void {
  const { keys, aliases } = aws.state(kmsState, key.account, region);
  keys.delete(key.id);
  for (const alias of [...aliases.values()]) if (alias.keyId === key.id) aliases.delete(alias.name);
}

const isMultiRegion = ({ id }: Key): boolean => id.startsWith("mrk-");

const toKeyMetadata = (key: Key): Sdk.KeyMetadata => ({
  AWSAccountId: key.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: new Date(key.createdAt),
  Enabled: key.state === "Enabled",
  Description: key.description,
  KeyUsage: key.signing ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT",
  KeyState: key.state,
  ...(key.deletionAt !== undefined && { DeletionDate: new Date(key.deletionAt) }),
  Origin: "AWS_KMS",
  KeyManager: key.manager,
  CustomerMasterKeySpec: key.signing?.spec ?? "SYMMETRIC_DEFAULT",
  KeySpec: key.signing?.spec ?? "SYMMETRIC_DEFAULT",
  ...(key.signing
    ? { SigningAlgorithms: [...SIGNING_SPECS[key.signing.spec].algorithms] }
    : { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT" as const] }),
  MultiRegion: isMultiRegion(key),
  ...(isMultiRegion(key) && {
    MultiRegionConfiguration: {
      MultiRegionKeyType: "PRIMARY",
      PrimaryKey: { Arn: key.arn, Region: key.arn.split(":")[3] },
      ReplicaKeys: [],
    },
  }),
});

const tagsOf = (input: Sdk.CreateKeyCommandInput) =>
  (input.Tags ?? []).map((tag) => [tag.TagKey ?? "", tag.TagValue ?? ""] as const);

/** @throws ValidationException if spec and usage do not match */
function toSigning(input: Sdk.CreateKeyCommandInput): SigningMaterial | undefined {
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
  const usage = input.KeyUsage ?? "ENCRYPT_DECRYPT";
  if (spec === "SYMMETRIC_DEFAULT" && usage === "ENCRYPT_DECRYPT") return undefined;
  if (spec === "SYMMETRIC_DEFAULT" || (isSigningSpec(spec) && input.KeyUsage === undefined)) {
    throw validationError(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  }
  if (!isSigningSpec(spec) || usage !== "SIGN_VERIFY") {
    const built = Object.keys(SIGNING_SPECS).join(", ");
    throw new AwsError(
      "NotImplemented",
      `kms:CreateKey is built only for SYMMETRIC_DEFAULT with ENCRYPT_DECRYPT, and ${built} with SIGN_VERIFY`,
    );
  }
  return { spec, privateKey: SIGNING_SPECS[spec].make() };
}

/** The default key policy: the account's IAM policies decide. */
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
