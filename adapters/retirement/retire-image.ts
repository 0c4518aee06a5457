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
import { unlessError } from "../unless-error.ts";

/** EC2's limit of filter values (EC2 user guide, "Filtering and pagination"). */
const MOST = 200;

const GIB = 2 ** 30;

/** An AMI as retirement needs it, with its deprecation date (ISO 8601), if any. */
export interface RetirableAmi extends AmiFacts {
  readonly deprecatedFrom: string | undefined;
  readonly snapshots: readonly string[];
}

/** These AMIs in any state; missing ones are left out. */
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

/** The bytes written to each snapshot; its volume's size where EC2 does not report that. */
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

/** Removes the deprecation date: other accounts' lists include the AMI again. */
export async function forgetDeprecation(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new DisableImageDeprecationCommand({ ImageId: ami }));
}

export type Deregistered =
  /** With EC2's result for each snapshot: `success`, `skipped` where another AMI uses it, or a failure. */
  | { readonly kind: "gone"; readonly snapshots: readonly { readonly snapshotId: string; readonly result: string }[] }
  /** Its protection still lasts. */
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
    // Deregistered by an earlier try or outside the factory (EC2 API reference, "Error codes").
    if (error instanceof Error && /^InvalidAMIID\.(NotFound|Unavailable)$/.test(error.name)) {
      return { kind: "gone", snapshots: [] };
    }
    throw error;
  }
}

/** Whether a deregistered AMI can still be restored. */
export async function isInBin(client: EC2Client, ami: AmiId): Promise<boolean> {
  const found = await unlessError(client.send(new ListImagesInRecycleBinCommand({ ImageIds: [ami] })), NOT_FOUND);
  return (found?.Images ?? []).length > 0;
}

/**
 * Restores a deregistered AMI, its snapshots first (EBS user guide, "Restore AMIs from the Recycle Bin"). Snapshots
 * that were restored earlier, or never deleted, are not in the bin.
 */
export async function restoreFromBin(client: EC2Client, ami: AmiId, snapshots: readonly string[]): Promise<void> {
  for (const SnapshotId of snapshots) {
    await unlessError(client.send(new RestoreSnapshotFromRecycleBinCommand({ SnapshotId })), NOT_FOUND);
  }
  await client.send(new RestoreImageFromRecycleBinCommand({ ImageId: ami }));
}

/** `InvalidAMIID.NotFound`, `InvalidSnapshot.NotFound` (EC2 API reference, "Error codes"). */
const NOT_FOUND = /\.NotFound$/;
