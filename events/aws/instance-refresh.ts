import * as z from "zod";

/**
 * What EC2 Auto Scaling calls the changes of an instance refresh (Auto Scaling user guide, "EventBridge events for
 * instance refresh").
 */
const changes = [
  "Started",
  "Succeeded",
  "Failed",
  "Cancelled",
  "Checkpoint Reached",
  "Rollback Started",
  "Rollback Succeeded",
  "Rollback Failed",
  "Started Baking",
] as const;

/** As `detail-type` spells them. */
const detailTypes = changes.map((change) => `EC2 Auto Scaling Instance Refresh ${change}` as const);

/**
 * An instance refresh changed its state: `resources[0]` is the group's ARN, `account` and `region` are the group's. Sent
 * with best effort, and says neither status nor reason: a hint to call DescribeInstanceRefreshes.
 */
export const instanceRefresh = {
  schema: z.object({
    id: z.string().min(1),
    account: z.string(),
    region: z.string(),
    source: z.literal("aws.autoscaling"),
    "detail-type": z.enum(detailTypes),
    resources: z.array(z.string()),
    detail: z.object({ InstanceRefreshId: z.string(), AutoScalingGroupName: z.string() }),
  }),
  pattern: { source: ["aws.autoscaling"], "detail-type": [...detailTypes] },
};
