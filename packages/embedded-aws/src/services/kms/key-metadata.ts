import type { KeyMetadata } from "@aws-sdk/client-kms";
import { SIGNING_SPECS } from "./signing/algorithms.ts";
import type { Key } from "./state.ts";

const isMultiRegion = ({ id }: Key): boolean => id.startsWith("mrk-");

export const toKeyMetadata = (key: Key): KeyMetadata => ({
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
