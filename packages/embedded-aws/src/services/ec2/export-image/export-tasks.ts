import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Call, Operations } from "../../../engine/operation.ts";
import { authorizeResource } from "../authorization.ts";
import { toPredicate } from "../filters.ts";
import { tagReader } from "../resource-tags.ts";
import { EXPORT_TAKES_MS, type ExportTask, exportsState } from "./task.ts";
import { toTask } from "./to-task.ts";

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
  /** Of an image's export, too (VM Import/Export user guide, "Cancel an export task"). What is complete cannot be cancelled. */
  CancelExportTask: {
    authorize: ({ ExportTaskId }, call) => [authorizeResource(call, "export-image-task", ExportTaskId)],
    run({ ExportTaskId }, call) {
      const task = requireTask(call, ExportTaskId);
      if (task.status === "completed") {
        throw new AwsError("IncorrectState", `The export task ${task.id} is completed and cannot be cancelled.`, {
          status: 400,
        });
      }
      if (task.status === "active") {
        task.status = "deleted";
        task.message = "The task was cancelled.";
      }
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws InvalidExportTaskID.NotFound */
function requireTask({ aws, account, region }: Call, id = ""): ExportTask {
  const task = aws.state(exportsState, account, region).tasks.get(id);
  if (task) return task;
  throw new AwsError("InvalidExportTaskID.NotFound", `The export task ID '${id}' cannot be found.`, { status: 400 });
}
