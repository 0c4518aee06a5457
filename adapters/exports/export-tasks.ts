import {
  CancelExportTaskCommand,
  DescribeExportImageTasksCommand,
  type DiskImageFormat,
  type EC2Client,
  ExportImageCommand,
} from "@aws-sdk/client-ec2";
import type { ExportFormat } from "../../core/exports/formats.ts";
import { ExportFailure } from "./export-failure.ts";

interface AskedExport {
  readonly ami: string;
  readonly format: ExportFormat;
  readonly bucket: string;
  readonly prefix: string;
  /** Of the role that VM Import/Export writes with. */
  readonly roleName: string;
  /** The same one makes no second task. */
  readonly token: string;
}

/** @returns the task's id; undefined where EC2 has as many tasks as it takes, for this AMI or in the region */
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

/** @returns whether the file is written. @throws ExportFailure with EC2's words where the task ended otherwise */
export async function isTaskDone(client: EC2Client, id: string): Promise<boolean> {
  const { ExportImageTasks = [] } = await client.send(
    new DescribeExportImageTasksCommand({ ExportImageTaskIds: [id] }),
  );
  const { Status: status, StatusMessage: message } = ExportImageTasks[0] ?? {};
  if (status === "active" || status === "completed") return status === "completed";
  throw new ExportFailure(`EC2's task ${id} ended ${status ?? "unknown"}: ${message ?? "it does not say why"}`);
}

/** One that is over, or unknown by now, is as good as cancelled. */
export async function cancelTask(client: EC2Client, id: string): Promise<void> {
  try {
    await client.send(new CancelExportTaskCommand({ ExportTaskId: id }));
  } catch (error) {
    if (!(error instanceof Error && /^(IncorrectState|InvalidExportTaskID\.NotFound)$/.test(error.name))) throw error;
  }
}
