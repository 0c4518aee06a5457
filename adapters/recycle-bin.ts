import {
  type EC2Client,
  ListImagesInRecycleBinCommand,
  RestoreImageFromRecycleBinCommand,
  RestoreSnapshotFromRecycleBinCommand,
} from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

/** Whether an AMI that was deregistered can be taken back still. */
export async function isInBin(client: EC2Client, ami: AmiId): Promise<boolean> {
  try {
    const { Images = [] } = await client.send(new ListImagesInRecycleBinCommand({ ImageIds: [ami] }));
    return Images.length > 0;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/**
 * Takes a deregistered AMI back as it was: its snapshots first (EBS user guide, "Restore AMIs from the Recycle Bin"). Those
 * that an earlier try took back, or that were never deleted, are not in the bin.
 */
export async function restoreFromBin(client: EC2Client, ami: AmiId, snapshots: readonly string[]): Promise<void> {
  for (const SnapshotId of snapshots) {
    try {
      await client.send(new RestoreSnapshotFromRecycleBinCommand({ SnapshotId }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  await client.send(new RestoreImageFromRecycleBinCommand({ ImageId: ami }));
}

/** `InvalidAMIID.NotFound`, `InvalidSnapshot.NotFound` (EC2 API reference, "Error codes"). */
const isNotFound = (error: unknown): boolean => error instanceof Error && error.name.endsWith(".NotFound");
