import * as z from "zod";

/**
 * EC2 Auto Scaling's names of an instance refresh's changes (Auto Scaling user guide, "EventBridge events for instance
 * refresh").
 */
const ends = ["Succeeded", "Failed", "Cancelled", "Rollback Succeeded", "Rollback Failed"] as const;
const others = ["Started", "Checkpoint Reached", "Rollback Started", "Started Baking"] as const;

type Change = (typeof ends)[number] | (typeof others)[number];

/** In the form of `detail-type`. */
const toDetailType = (change: Change) => `EC2 Auto Scaling Instance Refresh ${change}` as const;

/**
 * An instance refresh changed its state: `resources[0]` is the group's ARN, `account` and `region` are the group's.
 * Best effort, and without status or reason: a hint to call DescribeInstanceRefreshes.
 */
export const instanceRefresh = {
  schema: z.object({
    id: z.string().min(1),
    account: z.string(),
    region: z.string(),
    source: z.literal("aws.autoscaling"),
    "detail-type": z.enum([...ends, ...others].map(toDetailType)),
    resources: z.array(z.string()),
    detail: z.object({ InstanceRefreshId: z.string(), AutoScalingGroupName: z.string() }),
  }),
  /** Ends only: nothing else moves a group on. */
  pattern: { source: ["aws.autoscaling"], "detail-type": ends.map(toDetailType) },
};
