import { answered, bytes, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const KeyId = ref("key.KeyMetadata.KeyId");
const role = "arn:aws:iam::111122223333:role/builder";
const none = "00000000-0000-0000-0000-000000000000";
const gone = { code: "NotFoundException", status: 400, message: `${none}' does not exist` };
const dryRun = {
  code: "NotImplemented",
  status: 400,
  message: "is built only for DryRun: keys have no key material here",
};

const signed = {
  KeyId: ref("signing.KeyMetadata.KeyId"),
  Message: bytes("a manifest"),
  SigningAlgorithm: "ECDSA_SHA_256",
};

export const KEY_CALLS: readonly FactoryCall[] = [
  answered(
    "kms:CreateKey",
    { Description: "images", Tags: [{ TagKey: "team", TagValue: "images" }] },
    { "KeyMetadata.Enabled": true },
    { as: "key" },
  ),
  answered("kms:DescribeKey", { KeyId }, { "KeyMetadata.Description": "images", "KeyMetadata.CreationDate": PRESENT }),
  refused("kms:DescribeKey", { KeyId: none }, gone),
  answered("kms:ListKeys", {}, { "Keys.0.KeyId": PRESENT }),
  answered("kms:UpdateKeyDescription", { KeyId, Description: "golden images" }),
  answered("kms:CreateAlias", { AliasName: "alias/images", TargetKeyId: KeyId }),
  refused(
    "kms:CreateAlias",
    { AliasName: "alias/images", TargetKeyId: KeyId },
    {
      code: "AlreadyExistsException",
      status: 400,
      message: "already exists",
    },
  ),
  answered("kms:UpdateAlias", { AliasName: "alias/images", TargetKeyId: KeyId }),
  answered("kms:DescribeKey", { KeyId: "alias/images" }, { "KeyMetadata.Description": "golden images" }),
  answered("kms:ListAliases", { KeyId }, { "Aliases.0.AliasName": "alias/images" }),
  answered("kms:DeleteAlias", { AliasName: "alias/images" }),
  answered(
    "kms:CreateGrant",
    { KeyId, GranteePrincipal: role, Operations: ["Decrypt", "CreateGrant"], Name: "builder" },
    { GrantToken: PRESENT },
    { as: "grant" },
  ),
  answered(
    "kms:ListGrants",
    { KeyId },
    {
      "Grants.0.GranteePrincipal": role,
      "Grants.0.Operations": ["Decrypt", "CreateGrant"],
    },
  ),
  answered("kms:RevokeGrant", { KeyId, GrantId: ref("grant.GrantId") }),
  refused("kms:RevokeGrant", { KeyId, GrantId: ref("grant.GrantId") }, { code: "NotFoundException", status: 400 }),
  answered("kms:GetKeyPolicy", { KeyId, PolicyName: "default" }, { Policy: PRESENT }, { as: "policy" }),
  answered("kms:PutKeyPolicy", { KeyId, PolicyName: "default", Policy: ref("policy.Policy") }),
  refused(
    "kms:PutKeyPolicy",
    { KeyId, PolicyName: "default", Policy: "{" },
    {
      code: "MalformedPolicyDocumentException",
      status: 400,
    },
  ),
  answered("kms:ListKeyPolicies", { KeyId }, { PolicyNames: ["default"] }),
  answered("kms:TagResource", { KeyId, Tags: [{ TagKey: "stage", TagValue: "test" }] }),
  answered("kms:UntagResource", { KeyId, TagKeys: ["team"] }),
  answered("kms:ListResourceTags", { KeyId }, { Tags: [{ TagKey: "stage", TagValue: "test" }] }),
  answered("kms:EnableKeyRotation", { KeyId }),
  answered("kms:GetKeyRotationStatus", { KeyId }, { KeyRotationEnabled: true }),
  answered("kms:DisableKeyRotation", { KeyId }),
  refused("kms:Encrypt", { KeyId, Plaintext: bytes("secret") }, dryRun),
  refused("kms:Decrypt", { KeyId, CiphertextBlob: bytes("secret") }, dryRun),
  refused("kms:GenerateDataKey", { KeyId, KeySpec: "AES_256" }, dryRun),
  refused("kms:GenerateDataKeyWithoutPlaintext", { KeyId, KeySpec: "AES_256" }, dryRun),
  refused("kms:ReEncrypt", { CiphertextBlob: bytes("secret"), SourceKeyId: KeyId, DestinationKeyId: KeyId }, dryRun),
  answered(
    "kms:CreateKey",
    { KeyUsage: "SIGN_VERIFY", KeySpec: "ECC_NIST_P256" },
    { "KeyMetadata.SigningAlgorithms": ["ECDSA_SHA_256"] },
    { as: "signing" },
  ),
  answered(
    "kms:GetPublicKey",
    { KeyId: ref("signing.KeyMetadata.KeyId") },
    { KeySpec: "ECC_NIST_P256", PublicKey: PRESENT },
  ),
  answered("kms:Sign", signed, { SigningAlgorithm: "ECDSA_SHA_256", Signature: PRESENT }),
  refused("kms:Sign", { ...signed, KeyId }, { code: "InvalidKeyUsageException", status: 400 }),
  refused(
    "kms:Verify",
    { ...signed, Signature: bytes("none of this key's") },
    { code: "KMSInvalidSignatureException", status: 400 },
  ),
  answered("kms:DisableKey", { KeyId }),
  refused(
    "kms:Encrypt",
    { KeyId, Plaintext: bytes("secret") },
    {
      code: "DisabledException",
      status: 400,
      message: "is disabled",
    },
  ),
  answered("kms:EnableKey", { KeyId }),
  answered("kms:ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 }, { KeyState: "PendingDeletion" }),
  refused(
    "kms:EnableKey",
    { KeyId },
    { code: "KMSInvalidStateException", status: 400, message: "is pending deletion" },
  ),
  answered("kms:CancelKeyDeletion", { KeyId }, { KeyId: PRESENT }),
];
