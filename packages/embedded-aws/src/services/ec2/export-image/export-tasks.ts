import type * as Sdk from "@aws-sdk/client-ec2";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeResource } from "../authorization.ts";
import { toPredicate } from "../filters.ts";
import { tagReader, tagsOf, toTags } from "../resource-tags.ts";
import type { DiskFormat } from "./disk-file.ts";

export interface ExportTask {
  readonly id: string;
  readonly imageId: string;
  readonly format: DiskFormat;
  readonly bucket: string;
  readonly prefix: string;
  readonly roleName: string;
  readonly description: string | undefined;
  readonly startedAt: number;
  /** A failed task is deleted, too, with the reason as message (EC2 API reference, ExportImageTask, "Status"). */
  status: "active" | "completed" | "deleting" | "deleted";
  message: string | undefined;
}

/** The error message of a failing task. Undefined: it succeeds. */
type Simulation = (task: ExportTask) => string | undefined;

interface ExportsState {
  readonly tasks: Map<string, ExportTask>;
  /** The task created with each client token. */
  readonly tokens: Map<string, string>;
  simulation: Simulation | undefined;
}

export const exportsState = defineState<ExportsState>("ec2.export-image", () => ({
  tasks: new Map(),
  tokens: new Map(),
  simulation: undefined,
}));

/** Duration of a task; not documented. */
export const EXPORT_TAKES_MS = 20 * 60_000;

/** A task as EC2 shows it, with its progress in percent while it is active. */
export function toTask(task: ExportTask, call: Call, takesMs?: number): Sdk.ExportImageTask {
  const { clock } = call.aws;
  const passed = (clock.now() - task.startedAt) * clock.speed;
  const percent = takesMs === undefined ? 0 : Math.min(99, Math.floor((100 * passed) / takesMs));
  const tags = tagsOf(call.aws, call, task.id);
  return {
    ExportImageTaskId: task.id,
    ImageId: task.imageId,
    Description: task.description,
    S3ExportLocation: { S3Bucket: task.bucket, S3Prefix: task.prefix },
    Status: task.status,
    StatusMessage: task.status === "active" ? "converting" : task.message,
    ...(task.status === "active" && { Progress: String(percent) }),
    ...(tags.size > 0 && { Tags: toTags(tags) }),
  };
}

/** From now on the account's tasks in the region fail as `simulation` says; undefined: they succeed. */
export function simulateExports(
  aws: EmbeddedAws,
  account: string,
  region: string,
  simulation: Simulation | undefined,
): void {
  aws.state(exportsState, account, region).simulation = simulation;
}

export const operations = {
  DescribeExportImageTasks: {
    list: "ExportImageTasks",
    run(input, call) {
      const { tasks } = call.aws.state(exportsState, call.account, call.region);
      const asked = input.ExportImageTaskIds ?? [];
      for (const id of asked) requireTask(call, id);
      const tags = tagReader(call.aws, call);
      const passes = toPredicate<ExportTask>(input.Filters, { "task-state": ({ status }) => status }, ({ id }) =>
        tags(id),
      );
      const chosen = [...tasks.values()].filter((task) => asked.length === 0 || asked.includes(task.id)).filter(passes);
      return { ExportImageTasks: chosen.map((task) => toTask(task, call, EXPORT_TAKES_MS)) };
    },
  },
  /**
   * Also for image exports (VM Import/Export user guide, "Cancel an export task"). A completed task cannot be
   * cancelled.
   */
  CancelExportTask: {
    authorize: ({ ExportTaskId }, call) => [authorizeResource(call, "export-image-task", ExportTaskId)],
    run({ ExportTaskId }, call) {
      const task = requireTask(call, ExportTaskId);
      if (task.status === "completed") {
        throw new AwsError("IncorrectState", `The export task ${task.id} is completed and cannot be cancelled.`);
      }
      if (task.status === "active") {
        task.status = "deleted";
        task.message = "The task was cancelled.";
      }
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws InvalidExportTaskID.NotFound */
function requireTask({ aws, account, region }: Call, id = ""): ExportTask {
  const task = aws.state(exportsState, account, region).tasks.get(id);
  if (task) return task;
  throw new AwsError("InvalidExportTaskID.NotFound", `The export task ID '${id}' cannot be found.`);
}
