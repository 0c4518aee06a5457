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
  answered("CreateKey as key", { Description: "images", Tags: [{ TagKey: "team", TagValue: "images" }] }).says({
    "KeyMetadata.Enabled": true,
  }),
  answered("DescribeKey", { KeyId }).says({ "KeyMetadata.Description": "images", "KeyMetadata.CreationDate": PRESENT }),
  refused("DescribeKey", { KeyId: none }).with(gone),
  answered("ListKeys").says({ "Keys.0.KeyId": PRESENT }),
  answered("UpdateKeyDescription", { KeyId, Description: "golden images" }),
  answered("CreateAlias", { AliasName: "alias/images", TargetKeyId: KeyId }),
  refused("CreateAlias", { AliasName: "alias/images", TargetKeyId: KeyId }).with(
    "400 AlreadyExistsException: already exists",
  ),
  answered("UpdateAlias", { AliasName: "alias/images", TargetKeyId: KeyId }),
  answered("DescribeKey", { KeyId: "alias/images" }).says({ "KeyMetadata.Description": "golden images" }),
  answered("ListAliases", { KeyId }).says({ "Aliases.0.AliasName": "alias/images" }),
  answered("DeleteAlias", { AliasName: "alias/images" }),
  answered("CreateGrant as grant", {
    KeyId,
    GranteePrincipal: role,
    Operations: ["Decrypt", "CreateGrant"],
    Name: "builder",
  }).says({ GrantToken: PRESENT }),
  answered("ListGrants", { KeyId }).says({
    "Grants.0.GranteePrincipal": role,
    "Grants.0.Operations": ["Decrypt", "CreateGrant"],
  }),
  answered("RevokeGrant", { KeyId, GrantId: ref("grant.GrantId") }),
  refused("RevokeGrant", { KeyId, GrantId: ref("grant.GrantId") }).with("400 NotFoundException"),
  answered("GetKeyPolicy as policy", { KeyId, PolicyName: "default" }).says({ Policy: PRESENT }),
  answered("PutKeyPolicy", { KeyId, PolicyName: "default", Policy: ref("policy.Policy") }),
  refused("PutKeyPolicy", { KeyId, PolicyName: "default", Policy: "{" }).with("400 MalformedPolicyDocumentException"),
  answered("ListKeyPolicies", { KeyId }).says({ PolicyNames: ["default"] }),
  answered("TagResource", { KeyId, Tags: [{ TagKey: "stage", TagValue: "test" }] }),
  answered("UntagResource", { KeyId, TagKeys: ["team"] }),
  answered("ListResourceTags", { KeyId }).says({ Tags: [{ TagKey: "stage", TagValue: "test" }] }),
  answered("EnableKeyRotation", { KeyId }),
  answered("GetKeyRotationStatus", { KeyId }).says({ KeyRotationEnabled: true }),
  answered("DisableKeyRotation", { KeyId }),
  refused("Encrypt", { KeyId, Plaintext: bytes("secret") }).with(dryRun),
  refused("Decrypt", { KeyId, CiphertextBlob: bytes("secret") }).with(dryRun),
  refused("GenerateDataKey", { KeyId, KeySpec: "AES_256" }).with(dryRun),
  refused("GenerateDataKeyWithoutPlaintext", { KeyId, KeySpec: "AES_256" }).with(dryRun),
  refused("ReEncrypt", { CiphertextBlob: bytes("secret"), SourceKeyId: KeyId, DestinationKeyId: KeyId }).with(dryRun),
  answered("CreateKey as signing", { KeyUsage: "SIGN_VERIFY", KeySpec: "ECC_NIST_P256" }).says({
    "KeyMetadata.SigningAlgorithms": ["ECDSA_SHA_256"],
  }),
  answered("GetPublicKey", { KeyId: ref("signing.KeyMetadata.KeyId") }).says({
    KeySpec: "ECC_NIST_P256",
    PublicKey: PRESENT,
  }),
  answered("Sign", signed).says({ SigningAlgorithm: "ECDSA_SHA_256", Signature: PRESENT }),
  refused("Sign", { ...signed, KeyId }).with("400 InvalidKeyUsageException"),
  refused("Verify", { ...signed, Signature: bytes("none of this key's") }).with("400 KMSInvalidSignatureException"),
  answered("DisableKey", { KeyId }),
  refused("Encrypt", { KeyId, Plaintext: bytes("secret") }).with("400 DisabledException: is disabled"),
  answered("EnableKey", { KeyId }),
  answered("ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 }).says({ KeyState: "PendingDeletion" }),
  refused("EnableKey", { KeyId }).with("400 KMSInvalidStateException: is pending deletion"),
  answered("CancelKeyDeletion", { KeyId }).says({ KeyId: PRESENT }),
]);
