import type { ExportImageTask } from "@aws-sdk/client-ec2";
import type { Call } from "../../../engine/operation.ts";
import { tagsOf, toTags } from "../resource-tags.ts";
import type { ExportTask } from "./task.ts";

/** A task as EC2 shows it: how far it is, in percent, while it is active. */
export function toTask(task: ExportTask, call: Call, takesMs?: number): ExportImageTask {
  const passed = call.aws.clock.now() - task.startedAt;
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
