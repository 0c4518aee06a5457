import type { CopyImageCommandInput } from "@aws-sdk/client-ec2";
import type { Authorization, Call } from "../../engine/operation.ts";
import { throughKey } from "../kms/authorize-key.ts";
import { findImage } from "./find-image.ts";
import { findSnapshot } from "./find-snapshot.ts";

/** EBS makes the grants that it works by for whoever copies. */
const forEbs = { "kms:GrantIsForAWSResource": "true" };

/**
 * What copying asks of keys with the caller's rights: of those that encrypt the source's snapshots, and of the copy's.
 * The actions are those of the EBS user guide's "Requirements for Amazon EBS encryption"; it does not say which of
 * them belong to reading and which to writing, save by their names.
 */
export function authorizeCopyKeys(
  call: Call,
  origin: Call,
  { SourceImageId, KmsKeyId, Encrypted }: CopyImageCommandInput,
): Partial<Authorization>[] {
  const source = SourceImageId === undefined ? undefined : findImage(call.aws, origin.region, SourceImageId);
  const snapshots = (source?.devices ?? []).map(({ snapshotId }) => findSnapshot(call.aws, origin.region, snapshotId));
  const keys = new Set(snapshots.flatMap((snapshot) => snapshot?.kmsKeyArn ?? []));
  const encrypts = KmsKeyId !== undefined || Encrypted === true || keys.size > 0;
  const read = ["DescribeKey", "Decrypt", "ReEncryptFrom", "CreateGrant"];
  const written = ["DescribeKey", "Decrypt", "GenerateDataKeyWithoutPlaintext", "ReEncryptTo", "CreateGrant"];
  return [
    ...[...keys].flatMap((key) => throughKey(origin, "ec2", key, read, forEbs)),
    ...throughKey(call, "ec2", encrypts ? (KmsKeyId ?? "alias/aws/ebs") : undefined, written, forEbs),
  ];
}
