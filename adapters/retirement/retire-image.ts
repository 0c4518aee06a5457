import {
  DeregisterImageCommand,
  DisableImageDeprecationCommand,
  type EC2Client,
  type Image,
  ListImagesInRecycleBinCommand,
  paginateDescribeImages,
  paginateDescribeSnapshots,
  RestoreImageFromRecycleBinCommand,
  RestoreSnapshotFromRecycleBinCommand,
} from "@aws-sdk/client-ec2";
import type { AmiFacts } from "../../core/retirement/facts.ts";
import type { AmiId } from "../../events/ids.ts";

/** Values that a filter takes (EC2 user guide, "Filtering and pagination"). */
const MOST = 200;

const GIB = 2 ** 30;

/** An AMI as retirement looks at it, with the date of its deprecation (ISO 8601), if there is one. */
export interface RetirableAmi extends AmiFacts {
  readonly deprecatedFrom: string | undefined;
  readonly snapshots: readonly string[];
}

/** These AMIs, whatever their state; those that are gone are left out. */
export async function describeRetirable(
  client: EC2Client,
  amis: readonly AmiId[],
  now: Date,
): Promise<ReadonlyMap<string, RetirableAmi>> {
  const images: Image[] = [];
  for (let at = 0; at < amis.length; at += MOST) {
    const Filters = [{ Name: "image-id", Values: amis.slice(at, at + MOST) }];
    const asked = { Filters, IncludeDeprecated: true, IncludeDisabled: true };
    for await (const { Images = [] } of paginateDescribeImages({ client }, asked)) images.push(...Images);
  }
  const written = await readWritten(client, images.flatMap(snapshotsOf));
  return new Map(
    images.map((image) => [
      image.ImageId ?? "",
      {
        state: image.State ?? "unknown",
        deprecated: image.DeprecationTime !== undefined && Date.parse(image.DeprecationTime) <= now.getTime(),
        deprecatedFrom: image.DeprecationTime && new Date(image.DeprecationTime).toISOString(),
        snapshots: snapshotsOf(image),
        public: image.Public ?? false,
        protected: image.DeregistrationProtection?.startsWith("enabled") ?? false,
        ...(image.LastLaunchedTime && { lastLaunchedAt: new Date(image.LastLaunchedTime).toISOString() }),
        gib: snapshotsOf(image).reduce((sum, id) => sum + (written.get(id) ?? 0), 0) / GIB,
      },
    ]),
  );
}

const snapshotsOf = ({ BlockDeviceMappings = [] }: Image): string[] =>
  BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);

/** What was written to each of these snapshots, in bytes; its volume's size where EC2 does not say. */
async function readWritten(client: EC2Client, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  for (let at = 0; at < ids.length; at += MOST) {
    const Filters = [{ Name: "snapshot-id", Values: ids.slice(at, at + MOST) }];
    for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client }, { Filters, OwnerIds: ["self"] })) {
      for (const { SnapshotId = "", FullSnapshotSizeInBytes, VolumeSize = 0 } of Snapshots) {
        bytes.set(SnapshotId, FullSnapshotSizeInBytes || VolumeSize * GIB);
      }
    }
  }
  return bytes;
}

/** It is in others' lists again, with no date on which that ends. */
export async function forgetDeprecation(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new DisableImageDeprecationCommand({ ImageId: ami }));
}

export type Deregistered =
  /** With what EC2 says of each snapshot: `success`, `skipped` where another AMI stands on it, or a failure. */
  | { readonly kind: "gone"; readonly snapshots: readonly { readonly snapshotId: string; readonly result: string }[] }
  /** Its protection lasts still. */
  | { readonly kind: "protected" };

/** Deregisters an AMI with its snapshots, which go to the Recycle Bin where a retention rule matches them. */
export async function deregister(client: EC2Client, ami: AmiId): Promise<Deregistered> {
  try {
    const { DeleteSnapshotResults = [] } = await client.send(
      new DeregisterImageCommand({ ImageId: ami, DeleteAssociatedSnapshots: true }),
    );
    const snapshots = DeleteSnapshotResults.map(({ SnapshotId = "", ReturnCode = "unknown" }) => ({
      snapshotId: SnapshotId,
      result: ReturnCode,
    }));
    return { kind: "gone", snapshots };
  } catch (error) {
    if (error instanceof Error && error.name === "OperationNotPermitted") return { kind: "protected" };
    // Deregistered by an earlier try, or by somebody else (EC2 API reference, "Error codes").
    if (error instanceof Error && /^InvalidAMIID\.(NotFound|Unavailable)$/.test(error.name)) {
      return { kind: "gone", snapshots: [] };
    }
    throw error;
  }
}

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
