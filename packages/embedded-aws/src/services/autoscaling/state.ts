import type { LifecycleState, ScalingActivityStatusCode, TagDescription } from "@aws-sdk/client-auto-scaling";
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
  readonly tags: readonly TagDescription[];
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
