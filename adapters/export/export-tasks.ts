import {
  type ArchitectureValues,
  type BootModeValues,
  CancelExportTaskCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeExportImageTasksCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type DiskImageFormat,
  type EC2Client,
  ExportImageCommand,
  RegisterImageCommand,
  type SnapshotState,
} from "@aws-sdk/client-ec2";
import type { ExportFormat } from "../../core/export/formats.ts";
import { ExportFailure, type Tags } from "./copy-disk.ts";

interface AskedExport {
  readonly ami: string;
  readonly format: ExportFormat;
  readonly bucket: string;
  readonly prefix: string;
  /** The role that VM Import/Export writes with. */
  readonly roleName: string;
  /** Creates one task only. */
  readonly token: string;
}

/** @returns the task's id; undefined where EC2's limit of tasks, for this AMI or the region, is reached */
export async function beginTask(client: EC2Client, asked: AskedExport): Promise<string | undefined> {
  try {
    const begun = await client.send(
      new ExportImageCommand({
        ImageId: asked.ami,
        DiskImageFormat: asked.format.toUpperCase() as DiskImageFormat,
        S3ExportLocation: { S3Bucket: asked.bucket, S3Prefix: asked.prefix },
        RoleName: asked.roleName,
        ClientToken: asked.token,
      }),
    );
    return begun.ExportImageTaskId;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (/LimitExceeded$/.test(error.name) && error.name !== "RequestLimitExceeded") return undefined;
    if (["NotExportable", "InvalidParameter", "InvalidParameterValue"].includes(error.name)) {
      throw new ExportFailure(`EC2 refuses to export it as ${asked.format}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** @returns whether the file is complete. @throws ExportFailure with EC2's message where the task ended otherwise */
export async function isTaskDone(client: EC2Client, id: string): Promise<boolean> {
  const { ExportImageTasks = [] } = await client.send(
    new DescribeExportImageTasksCommand({ ExportImageTaskIds: [id] }),
  );
  const { Status: status, StatusMessage: message } = ExportImageTasks[0] ?? {};
  if (status === "active" || status === "completed") return status === "completed";
  throw new ExportFailure(`EC2's task ${id} ended ${status ?? "unknown"}: ${message ?? "no reason given"}`);
}

/** Cancels a task, unless it has ended or does not exist. */
export async function cancelTask(client: EC2Client, id: string): Promise<void> {
  try {
    await client.send(new CancelExportTaskCommand({ ExportTaskId: id }));
  } catch (error) {
    if (!(error instanceof Error && /^(IncorrectState|InvalidExportTaskID\.NotFound)$/.test(error.name))) throw error;
  }
}

/** The AMI's attributes that its unencrypted copy gets. */
interface ExportedDisk {
  readonly snapshotId: string;
  readonly sizeGiB: number;
  readonly device: string;
  readonly architecture: ArchitectureValues;
  readonly bootMode: BootModeValues | undefined;
}

/** @throws ExportFailure where the AMI does not exist or has more than one disk */
export async function readDisk(client: EC2Client, ami: string): Promise<ExportedDisk> {
  const { Images = [] } = await client.send(
    new DescribeImagesCommand({ Filters: [{ Name: "image-id", Values: [ami] }] }),
  );
  const [image] = Images;
  const disks = (image?.BlockDeviceMappings ?? []).filter(({ Ebs }) => Ebs?.SnapshotId);
  const [disk] = disks;
  if (!image?.Architecture || !disk?.Ebs?.SnapshotId || disks.length > 1) {
    throw new ExportFailure(
      `${ami} has ${disks.length} disks or does not exist; only an AMI with one disk can be exported`,
    );
  }
  return {
    snapshotId: disk.Ebs.SnapshotId,
    sizeGiB: disk.Ebs.VolumeSize ?? 0,
    device: disk.DeviceName ?? "/dev/xvda",
    architecture: image.Architecture,
    bootMode: image.BootMode,
  };
}

/** Whether a sealed snapshot is usable. @throws ExportFailure where it never will be */
export async function isCompleted(client: EC2Client, snapshotId: string): Promise<boolean> {
  const state = await stateOf(client, snapshotId);
  if (state === "completed" || state === "pending") return state === "completed";
  throw new ExportFailure(`The copy of the disk, ${snapshotId}, is ${state ?? "missing"}`);
}

/** Undefined where it does not exist. By a filter, because EC2 rejects an unknown id. */
async function stateOf(client: EC2Client, snapshotId: string): Promise<SnapshotState | undefined> {
  const { Snapshots = [] } = await client.send(
    new DescribeSnapshotsCommand({ Filters: [{ Name: "snapshot-id", Values: [snapshotId] }] }),
  );
  return Snapshots[0]?.State;
}

/** Registers an AMI that only this account sees. Its name is unique: a repeated call finds the existing one. */
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
 * Deregisters the AMI of that name, and deletes the snapshot. Missing resources are skipped: without tags, EC2 would
 * deny the call.
 */
export async function removePlain(client: EC2Client, name: string, snapshotId: string | undefined): Promise<void> {
  const ami = await findPlain(client, name);
  if (ami) await client.send(new DeregisterImageCommand({ ImageId: ami }));
  if (snapshotId && (await stateOf(client, snapshotId))) {
    await client.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId }));
  }
}
