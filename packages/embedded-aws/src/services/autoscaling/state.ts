import type { LifecycleState, ScalingActivityStatusCode, TagDescription } from "@aws-sdk/client-auto-scaling";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

export interface Activity {
  readonly id: string;
  readonly group: string;
  readonly groupArn: string;
  description: string;
  readonly cause: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  status: ScalingActivityStatusCode;
  message: string | undefined;
  progress: number;
  /** JSON: the subnet and zone. */
  readonly details: string;
}

export interface Member {
  readonly instanceId: string;
  readonly instanceType: string | undefined;
  readonly zone: string;
  readonly zoneId: string;
  readonly template: GroupTemplate;
  state: LifecycleState;
  healthy: boolean;
  readonly protectedFromScaleIn: boolean;
  /** That which made it, and that which ends it. */
  activity: Activity;
}

/** As the group names it: the version may be `$Latest` or `$Default`. */
export interface GroupTemplate {
  readonly id: string;
  readonly name: string;
  readonly version: string | undefined;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  template: GroupTemplate;
  min: number;
  max: number;
  desired: number;
  cooldown: number;
  healthCheckType: string;
  gracePeriod: number;
  terminationPolicies: readonly string[];
  protectNew: boolean;
  /** Subnets, or none where only zones were named. */
  subnets: readonly string[];
  zones: readonly string[];
  tags: readonly TagDescription[];
  readonly members: Map<string, Member>;
  /** Launches that failed one after the other. */
  failures: number;
  /** Cancels the next look at the group. */
  next: (() => void) | undefined;
  deleting: boolean;
}

interface AutoScalingState {
  readonly groups: Map<string, Group>;
  /** Newest last; those of deleted groups stay for six weeks. */
  readonly activities: Activity[];
  watching: boolean;
}

export const autoScalingState = defineState<AutoScalingState>("autoscaling", () => ({
  groups: new Map(),
  activities: [],
  watching: false,
}));

export const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Notes what a group begins to do. */
export function beginActivity(
  aws: EmbeddedAws,
  group: Group,
  begun: Pick<Activity, "description" | "cause" | "details">,
): Activity {
  const activity: Activity = {
    id: aws.uuid(),
    group: group.name,
    groupArn: group.arn,
    ...begun,
    startedAt: aws.clock.now(),
    endedAt: undefined,
    status: "InProgress",
    message: undefined,
    progress: 50,
  };
  aws.state(autoScalingState, group.account, group.region).activities.push(activity);
  return activity;
}

/** @param message why it failed or was cancelled; the description repeats it, as AWS's does */
export function endActivity(
  aws: EmbeddedAws,
  activity: Activity,
  status: "Successful" | "Failed" | "Cancelled",
  message?: string,
): void {
  activity.status = status;
  activity.endedAt = aws.clock.now();
  activity.progress = 100;
  activity.message = message;
  if (message) activity.description += `.  Status Reason: ${message}`;
}
