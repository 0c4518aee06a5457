import {
  type ArchitectureValues,
  type BootModeValues,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  RegisterImageCommand,
  type SnapshotState,
} from "@aws-sdk/client-ec2";
import type { Tags } from "./copy-disk.ts";
import { ExportFailure } from "./export-failure.ts";

/** What of an AMI its plain copy takes over. */
export interface ExportedDisk {
  readonly snapshotId: string;
  readonly sizeGiB: number;
  readonly device: string;
  readonly architecture: ArchitectureValues;
  readonly bootMode: BootModeValues | undefined;
}

/** @throws ExportFailure where there is no such AMI, or it has more than one disk */
export async function readDisk(client: EC2Client, ami: string): Promise<ExportedDisk> {
  const { Images = [] } = await client.send(
    new DescribeImagesCommand({ Filters: [{ Name: "image-id", Values: [ami] }] }),
  );
  const [image] = Images;
  const disks = (image?.BlockDeviceMappings ?? []).filter(({ Ebs }) => Ebs?.SnapshotId);
  const [disk] = disks;
  if (!image?.Architecture || !disk?.Ebs?.SnapshotId || disks.length > 1) {
    throw new ExportFailure(`${ami} has ${disks.length} disks, or is not there; an AMI with one disk is exported`);
  }
  return {
    snapshotId: disk.Ebs.SnapshotId,
    sizeGiB: disk.Ebs.VolumeSize ?? 0,
    device: disk.DeviceName ?? "/dev/xvda",
    architecture: image.Architecture,
    bootMode: image.BootMode,
  };
}

/** Whether a snapshot that was sealed can be used. @throws ExportFailure where it never will */
export async function isCompleted(client: EC2Client, snapshotId: string): Promise<boolean> {
  const state = await stateOf(client, snapshotId);
  if (state === "completed" || state === "pending") return state === "completed";
  throw new ExportFailure(`The copy of the disk, ${snapshotId}, is ${state ?? "gone"}`);
}

/** Undefined where there is none. By a filter, because an unknown id would be an error. */
async function stateOf(client: EC2Client, snapshotId: string): Promise<SnapshotState | undefined> {
  const { Snapshots = [] } = await client.send(
    new DescribeSnapshotsCommand({ Filters: [{ Name: "snapshot-id", Values: [snapshotId] }] }),
  );
  return Snapshots[0]?.State;
}

/** An AMI that only this account sees. Its name is its own: who registers it twice finds the one that is there. */
export async function registerPlain(
  client: EC2Client,
  { name, snapshotId, disk, tags }: { name: string; snapshotId: string; disk: ExportedDisk; tags: Tags },
): Promise<string> {
  const found = await findPlain(client, name);
  if (found) return found;
  const { ImageId = "" } = await client.send(
    new RegisterImageCommand({
      Name: name,
      Description: "Only for the time of an export: its disk is not encrypted",
      Architecture: disk.architecture,
      ...(disk.bootMode && { BootMode: disk.bootMode }),
      EnaSupport: true,
      VirtualizationType: "hvm",
      RootDeviceName: disk.device,
      BlockDeviceMappings: [{ DeviceName: disk.device, Ebs: { SnapshotId: snapshotId, DeleteOnTermination: true } }],
      TagSpecifications: [
        { ResourceType: "image", Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
      ],
    }),
  );
  return ImageId;
}

async function findPlain(client: EC2Client, name: string): Promise<string | undefined> {
  const { Images = [] } = await client.send(
    new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] }),
  );
  return Images[0]?.ImageId;
}

/**
 * Takes the AMI of that name away, and the snapshot. What is gone already is not asked for: it has no tags by which the
 * function may remove it, so that EC2 would deny it.
 */
export async function removePlain(client: EC2Client, name: string, snapshotId: string | undefined): Promise<void> {
  const ami = await findPlain(client, name);
  if (ami) await client.send(new DeregisterImageCommand({ ImageId: ami }));
  if (snapshotId && (await stateOf(client, snapshotId))) {
    await client.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId }));
  }
}
