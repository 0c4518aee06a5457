import type * as Sdk from "@aws-sdk/client-auto-scaling";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";

export interface Activity {
  readonly id: string;
  readonly group: string;
  readonly groupArn: string;
  description: string;
  readonly cause: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  status: Sdk.ScalingActivityStatusCode;
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
  /** With the version's number. */
  readonly template: GroupTemplate;
  /** The AMI that an override of a mixed instances policy named. */
  readonly overrideImage: string | undefined;
  readonly launchedAt: number;
  inServiceAt: number | undefined;
  state: Sdk.LifecycleState;
  /** The health status that Auto Scaling reports. */
  healthy: boolean;
  /** A health check of the group fails; within the grace period the member is still reported healthy. */
  failing: boolean;
  protectedFromScaleIn: boolean;
  /** The activity that launched it, or the one that terminates it. */
  activity: Activity;
}

/** As the group names it: the version may be `$Latest` or `$Default`. */
export interface GroupTemplate {
  readonly id: string;
  readonly name: string;
  readonly version: string | undefined;
}

export interface Override {
  readonly instanceType: string | undefined;
  readonly imageId: string | undefined;
  readonly template: GroupTemplate | undefined;
}

/** What a group launches. */
export interface Configuration {
  readonly template: GroupTemplate;
  /** Undefined: the group has no mixed instances policy. */
  readonly mixed:
    | { readonly overrides: readonly Override[]; readonly distribution: Sdk.InstancesDistribution }
    | undefined;
}

type Filled =
  | "MinHealthyPercentage"
  | "MaxHealthyPercentage"
  | "InstanceWarmup"
  | "SkipMatching"
  | "AutoRollback"
  | "ScaleInProtectedInstances"
  | "StandbyInstances";

/** With the defaults filled in. */
export type Preferences = Sdk.RefreshPreferences & {
  readonly [One in Filled]: NonNullable<Sdk.RefreshPreferences[One]>;
};

interface Progress {
  readonly percent: number;
  readonly remaining: number;
}

export interface Refresh {
  readonly id: string;
  /** Undefined: the group's own configuration. */
  readonly desired: Configuration | undefined;
  readonly preferences: Preferences;
  status: Sdk.InstanceRefreshStatus;
  reason: string | undefined;
  readonly startedAt: number;
  endedAt: number | undefined;
  progress: Progress;
  /** How many of `CheckpointPercentages` were reached or skipped. */
  checkpoints: number;
  /** No instance is replaced before this time; milliseconds. */
  resumesAt: number;
  /** The desired capacity when checkpoints were last evaluated. */
  capacity: number;
  bakedAt: number | undefined;
  /** The highest number of done instances, and since when: an hour without progress fails the refresh. */
  best: number;
  progressedAt: number;
  /** Milliseconds spent at checkpoints and suspended, and since when the current pause lasts. */
  pausedMs: number;
  pausedSince: number | undefined;
  rollback: ({ readonly reason: string; readonly at: number } & Progress) | undefined;
  /** Scale-outs that must still launch the group's own configuration (reading `scaleOutDuringRefresh`). */
  ownLaunches: number;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: number;
  configuration: Configuration;
  min: number;
  max: number;
  desired: number;
  cooldown: number;
  healthCheckType: string;
  /** Seconds. */
  gracePeriod: number;
  /** Seconds; undefined: not set. */
  defaultWarmup: number | undefined;
  maintenance: Sdk.InstanceMaintenancePolicy | undefined;
  /** Why each process is suspended. */
  readonly suspended: Map<string, string>;
  /** Oldest first; the last may be active. */
  readonly refreshes: Refresh[];
  terminationPolicies: readonly string[];
  protectNew: boolean;
  /** Subnets; none if the request only has zones. */
  subnets: readonly string[];
  zones: readonly string[];
  tags: readonly Sdk.TagDescription[];
  readonly members: Map<string, Member>;
  /** Consecutive failed launches. */
  failures: number;
  /** Cancels the next evaluation of the group. */
  next: (() => void) | undefined;
  /** The time of the next evaluation, in milliseconds. */
  nextAt: number;
  deleting: boolean;
}

interface AutoScalingState {
  readonly groups: Map<string, Group>;
  /** Newest last; those of deleted groups are kept for six weeks. */
  readonly activities: Activity[];
  watching: boolean;
  watchingAlarms: boolean;
}

export const autoScalingState = defineState<AutoScalingState>("autoscaling", () => ({
  groups: new Map(),
  activities: [],
  watching: false,
  watchingAlarms: false,
}));

export const timeOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Records the start of an activity. */
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

/** Removes an activity that did not begin. */
export function forgetActivity(aws: EmbeddedAws, activity: Activity, { account, region }: Group): void {
  const { activities } = aws.state(autoScalingState, account, region);
  const at = activities.indexOf(activity);
  if (at >= 0) activities.splice(at, 1);
}

/** @param message why it failed or was cancelled; repeated in the description, as in AWS */
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

export const groupsOf = ({ aws, account, region }: Call): Map<string, Group> =>
  aws.state(autoScalingState, account, region).groups;

/** @throws ValidationError */
export function requireGroup(call: Call, name: string | undefined): Group {
  const group = groupsOf(call).get(name ?? "");
  if (group) return group;
  throw invalid("AutoScalingGroup name not found - null");
}

/** The ARN without the group's id, which is known only after the group's creation. */
export const arnOf = ({ aws, account, region }: Call, name: string | undefined, id = "*"): string =>
  `arn:${aws.partition}:autoscaling:${region}:${account}:autoScalingGroup:${id}:autoScalingGroupName/${name}`;

export function authorizeGroup(call: Call, name: string | undefined): Partial<Authorization>[] {
  const group = groupsOf(call).get(name ?? "");
  const tags = (group?.tags ?? []).map(({ Key = "", Value = "" }): [string, string] => [Key, Value]);
  return [{ resources: [group?.arn ?? arnOf(call, name)], context: resourceTagContext(tags, ["aws", "autoscaling"]) }];
}

export const invalid = (message: string): AwsError => new AwsError("ValidationError", message);
