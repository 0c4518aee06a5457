import { answered, bytes, type FactoryCall, ofService, PRESENT, ref, refused } from "../factory-call.ts";

const KeyId = ref("key.KeyMetadata.KeyId");
const role = "arn:aws:iam::111122223333:role/builder";
const none = "00000000-0000-0000-0000-000000000000";
const gone = `400 NotFoundException: ${none}' does not exist`;
const dryRun = "400 NotImplemented: is built only for DryRun: keys have no key material here";

const signed = {
  KeyId: ref("signing.KeyMetadata.KeyId"),
  Message: bytes("a manifest"),
  SigningAlgorithm: "ECDSA_SHA_256",
};

export const KEY_CALLS: readonly FactoryCall[] = ofService("kms", [
  answered(
    "CreateKey",
    { Description: "images", Tags: [{ TagKey: "team", TagValue: "images" }] },
    { "KeyMetadata.Enabled": true },
    { as: "key" },
  ),
  answered("DescribeKey", { KeyId }, { "KeyMetadata.Description": "images", "KeyMetadata.CreationDate": PRESENT }),
  refused("DescribeKey", { KeyId: none }, gone),
  answered("ListKeys", {}, { "Keys.0.KeyId": PRESENT }),
  answered("UpdateKeyDescription", { KeyId, Description: "golden images" }),
  answered("CreateAlias", { AliasName: "alias/images", TargetKeyId: KeyId }),
  refused(
    "CreateAlias",
    { AliasName: "alias/images", TargetKeyId: KeyId },
    "400 AlreadyExistsException: already exists",
  ),
  answered("UpdateAlias", { AliasName: "alias/images", TargetKeyId: KeyId }),
  answered("DescribeKey", { KeyId: "alias/images" }, { "KeyMetadata.Description": "golden images" }),
  answered("ListAliases", { KeyId }, { "Aliases.0.AliasName": "alias/images" }),
  answered("DeleteAlias", { AliasName: "alias/images" }),
  answered(
    "CreateGrant",
    { KeyId, GranteePrincipal: role, Operations: ["Decrypt", "CreateGrant"], Name: "builder" },
    { GrantToken: PRESENT },
    { as: "grant" },
  ),
  answered(
    "ListGrants",
    { KeyId },
    { "Grants.0.GranteePrincipal": role, "Grants.0.Operations": ["Decrypt", "CreateGrant"] },
  ),
  answered("RevokeGrant", { KeyId, GrantId: ref("grant.GrantId") }),
  refused("RevokeGrant", { KeyId, GrantId: ref("grant.GrantId") }, "400 NotFoundException"),
  answered("GetKeyPolicy", { KeyId, PolicyName: "default" }, { Policy: PRESENT }, { as: "policy" }),
  answered("PutKeyPolicy", { KeyId, PolicyName: "default", Policy: ref("policy.Policy") }),
  refused("PutKeyPolicy", { KeyId, PolicyName: "default", Policy: "{" }, "400 MalformedPolicyDocumentException"),
  answered("ListKeyPolicies", { KeyId }, { PolicyNames: ["default"] }),
  answered("TagResource", { KeyId, Tags: [{ TagKey: "stage", TagValue: "test" }] }),
  answered("UntagResource", { KeyId, TagKeys: ["team"] }),
  answered("ListResourceTags", { KeyId }, { Tags: [{ TagKey: "stage", TagValue: "test" }] }),
  answered("EnableKeyRotation", { KeyId }),
  answered("GetKeyRotationStatus", { KeyId }, { KeyRotationEnabled: true }),
  answered("DisableKeyRotation", { KeyId }),
  refused("Encrypt", { KeyId, Plaintext: bytes("secret") }, dryRun),
  refused("Decrypt", { KeyId, CiphertextBlob: bytes("secret") }, dryRun),
  refused("GenerateDataKey", { KeyId, KeySpec: "AES_256" }, dryRun),
  refused("GenerateDataKeyWithoutPlaintext", { KeyId, KeySpec: "AES_256" }, dryRun),
  refused("ReEncrypt", { CiphertextBlob: bytes("secret"), SourceKeyId: KeyId, DestinationKeyId: KeyId }, dryRun),
  answered(
    "CreateKey",
    { KeyUsage: "SIGN_VERIFY", KeySpec: "ECC_NIST_P256" },
    { "KeyMetadata.SigningAlgorithms": ["ECDSA_SHA_256"] },
    { as: "signing" },
  ),
  answered(
    "GetPublicKey",
    { KeyId: ref("signing.KeyMetadata.KeyId") },
    { KeySpec: "ECC_NIST_P256", PublicKey: PRESENT },
  ),
  answered("Sign", signed, { SigningAlgorithm: "ECDSA_SHA_256", Signature: PRESENT }),
  refused("Sign", { ...signed, KeyId }, "400 InvalidKeyUsageException"),
  refused("Verify", { ...signed, Signature: bytes("none of this key's") }, "400 KMSInvalidSignatureException"),
  answered("DisableKey", { KeyId }),
  refused("Encrypt", { KeyId, Plaintext: bytes("secret") }, "400 DisabledException: is disabled"),
  answered("EnableKey", { KeyId }),
  answered("ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 }, { KeyState: "PendingDeletion" }),
  refused("EnableKey", { KeyId }, "400 KMSInvalidStateException: is pending deletion"),
  answered("CancelKeyDeletion", { KeyId }, { KeyId: PRESENT }),
]);
