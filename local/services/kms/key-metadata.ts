import type { KeyMetadata } from "@aws-sdk/client-kms";
import type { Key } from "./state.ts";

const isMultiRegion = ({ id }: Key): boolean => id.startsWith("mrk-");

export const toKeyMetadata = (key: Key): KeyMetadata => ({
  AWSAccountId: key.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: new Date(key.createdAt),
  Enabled: key.state === "Enabled",
  Description: key.description,
  KeyUsage: "ENCRYPT_DECRYPT",
  KeyState: key.state,
  ...(key.deletionAt !== undefined && { DeletionDate: new Date(key.deletionAt) }),
  Origin: "AWS_KMS",
  KeyManager: key.manager,
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  KeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  MultiRegion: isMultiRegion(key),
  ...(isMultiRegion(key) && {
    MultiRegionConfiguration: {
      MultiRegionKeyType: "PRIMARY",
      PrimaryKey: { Arn: key.arn, Region: key.arn.split(":")[3] },
      ReplicaKeys: [],
    },
  }),
});
