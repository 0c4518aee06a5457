import type { InstanceRefresh, InstanceRefreshStatus } from "@aws-sdk/client-auto-scaling";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { publishServiceEvent } from "../../events/publish-service-event.ts";
import { toConfiguration } from "../configuration.ts";
import type { Configuration, Group, Refresh } from "../state.ts";

const ACTIVE: readonly InstanceRefreshStatus[] = [
  "Pending",
  "InProgress",
  "Baking",
  "Cancelling",
  "RollbackInProgress",
];

/** The refresh that has not ended: a group has at most one. */
export function activeRefresh({ refreshes }: Group): Refresh | undefined {
  const last = refreshes.at(-1);
  return last && ACTIVE.includes(last.status) ? last : undefined;
}

/** Whether it launches its own configuration, or its rollback's, instead of the group's. */
export const replaces = ({ status }: Refresh): boolean =>
  status === "InProgress" || status === "Baking" || status === "RollbackInProgress";

/** What the group launches now. After a cancelled refresh, that is the group's own configuration. */
export function launchedNow(group: Group): Configuration {
  const refresh = activeRefresh(group);
  if (!refresh || !replaces(refresh) || refresh.rollback) return group.configuration;
  return refresh.desired ?? group.configuration;
}

/** EC2 Auto Scaling events reference, "Instance refresh events". */
type RefreshEvent =
  | "Started"
  | "Succeeded"
  | "Failed"
  | "Cancelled"
  | "Checkpoint Reached"
  | "Rollback Started"
  | "Rollback Succeeded"
  | "Rollback Failed"
  | "Started Baking";

/** AWS delivers these on a best-effort basis; a fault plan can lose or duplicate them. */
export function announce(
  aws: EmbeddedAws,
  group: Group,
  refresh: Refresh,
  what: RefreshEvent,
  more: object = {},
): void {
  const { account, region, name, arn } = group;
  publishServiceEvent(aws, {
    account,
    region,
    source: "aws.autoscaling",
    "detail-type": `EC2 Auto Scaling Instance Refresh ${what}`,
    resources: [arn],
    detail: { InstanceRefreshId: refresh.id, AutoScalingGroupName: name, ...more },
  });
}

/** Ends it, with its event. */
export function endRefresh(
  aws: EmbeddedAws,
  group: Group,
  refresh: Refresh,
  status: "Successful" | "Failed" | "Cancelled" | "RollbackFailed" | "RollbackSuccessful",
  reason?: string,
): void {
  refresh.status = status;
  refresh.reason = reason?.slice(0, 1023);
  refresh.endedAt = aws.clock.now();
  announce(aws, group, refresh, ENDS[status]);
}

const ENDS = {
  Successful: "Succeeded",
  Failed: "Failed",
  Cancelled: "Cancelled",
  RollbackFailed: "Rollback Failed",
  RollbackSuccessful: "Rollback Succeeded",
} as const;

export function beginRollback(aws: EmbeddedAws, group: Group, refresh: Refresh, reason: string): void {
  const now = aws.clock.now();
  refresh.rollback = { reason, at: now, ...refresh.progress };
  Object.assign(refresh, { status: "RollbackInProgress", reason, best: -1, progressedAt: now });
  announce(aws, group, refresh, "Rollback Started");
}

export const toRefresh = (group: Group, refresh: Refresh): InstanceRefresh => ({
  InstanceRefreshId: refresh.id,
  AutoScalingGroupName: group.name,
  Status: refresh.status,
  StatusReason: refresh.reason,
  StartTime: new Date(refresh.startedAt),
  EndTime: refresh.endedAt === undefined ? undefined : new Date(refresh.endedAt),
  PercentageComplete: refresh.progress.percent,
  InstancesToUpdate: refresh.progress.remaining,
  Strategy: "Rolling",
  Preferences: refresh.preferences,
  DesiredConfiguration: refresh.desired && toConfiguration(refresh.desired),
  RollbackDetails: refresh.rollback && {
    RollbackReason: refresh.rollback.reason,
    RollbackStartTime: new Date(refresh.rollback.at),
    PercentageCompleteOnRollback: refresh.rollback.percent,
    InstancesToUpdateOnRollback: refresh.rollback.remaining,
  },
});
