import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DisableImageDeregistrationProtectionCommand,
  type EC2Client,
  type Image,
  paginateDescribeImages,
  paginateDescribeSnapshots,
} from "@aws-sdk/client-ec2";
import type { FoundAmi, FoundSnapshot } from "../../core/retirement/plan-clean-up.ts";
import { type AmiId, parseAmiId } from "../../events/ids.ts";

const FACTORY = "amint:factory";
/** Image Builder's tag on its outputs: the image resource. */
export const IMAGE_RESOURCE = "Ec2ImageBuilderArn";

/**
 * The account's resources with a factory's tag in a region: its AMIs, including disabled and deprecated ones, and the
 * snapshots that no AMI of the account uses. Reads all pages.
 */
export async function findInRegion(
  client: EC2Client,
  region: string,
  factory: string,
): Promise<{ readonly amis: FoundAmi[]; readonly snapshots: FoundSnapshot[] }> {
  // Before the AMIs: a snapshot exists before its AMI, and would otherwise look unused.
  const tagged = await findSnapshots(client, region, factory);
  const amis: FoundAmi[] = [];
  const stoodOn = new Set<string>();
  const asked = { Owners: ["self"], IncludeDeprecated: true, IncludeDisabled: true };
  for await (const { Images = [] } of paginateDescribeImages({ client, pageSize: 1000 }, asked)) {
    for (const image of Images) {
      for (const id of snapshotsOf(image)) stoodOn.add(id);
      const found = toAmi(image, region);
      if (found?.tags[FACTORY] === factory) amis.push(found);
    }
  }
  return { amis, snapshots: tagged.filter(({ snapshotId }) => !stoodOn.has(snapshotId)) };
}

async function findSnapshots(client: EC2Client, region: string, factory: string): Promise<FoundSnapshot[]> {
  const found: FoundSnapshot[] = [];
  const asked = { OwnerIds: ["self"], Filters: [{ Name: `tag:${FACTORY}`, Values: [factory] }] };
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client, pageSize: 1000 }, asked)) {
    for (const { SnapshotId, StartTime } of Snapshots) {
      if (SnapshotId && StartTime) found.push({ region, snapshotId: SnapshotId, createdAt: StartTime.toISOString() });
    }
  }
  return found;
}

const snapshotsOf = ({ BlockDeviceMappings = [] }: Image): string[] =>
  BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);

function toAmi(image: Image, region: string): FoundAmi | undefined {
  const { ImageId, CreationDate, DeregistrationProtection, Tags = [] } = image;
  if (!ImageId || !CreationDate) return undefined;
  return {
    region,
    amiId: parseAmiId(ImageId),
    createdAt: new Date(CreationDate).toISOString(),
    snapshots: snapshotsOf(image),
    tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
    protected: DeregistrationProtection?.startsWith("enabled") ?? false,
  };
}

/** A protection with a cooldown lasts another day (EC2 user guide, "Protect an AMI from deregistration"). */
export async function unprotectAmi(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new DisableImageDeregistrationProtectionCommand({ ImageId: ami }));
}

/**
 * Deregisters the AMI, with the snapshots that no other AMI uses.
 * @returns false where its protection still lasts
 */
export async function removeAmi(client: EC2Client, ami: AmiId): Promise<boolean> {
  try {
    await client.send(new DeregisterImageCommand({ ImageId: ami, DeleteAssociatedSnapshots: true }));
  } catch (error) {
    if (error instanceof Error && error.name === "OperationNotPermitted") return false;
    // Removed by an earlier try (EC2 API reference, "Error codes").
    if (!(error instanceof Error && /^InvalidAMIID\.(NotFound|Unavailable)$/.test(error.name))) throw error;
  }
  return true;
}

/** @returns false where an AMI uses it */
export async function removeSnapshot(client: EC2Client, snapshot: string): Promise<boolean> {
  try {
    await client.send(new DeleteSnapshotCommand({ SnapshotId: snapshot }));
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidSnapshot.InUse") return false;
    if (!(error instanceof Error && error.name === "InvalidSnapshot.NotFound")) throw error;
  }
  return true;
}
