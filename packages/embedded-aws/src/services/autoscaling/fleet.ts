import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { defineState } from "../../engine/state.ts";

/** An instance of a group, when it comes into service. */
export interface FleetInstance {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly instanceId: string;
  readonly imageId: string;
  readonly instanceType: string;
  /** Milliseconds since the epoch, factory time. */
  readonly launchedAt: number;
}

export interface FleetHealth {
  readonly healthy: boolean;
  /** Seconds from the launch until it fails; at once where left out. It does not recover. */
  readonly after?: number;
  /**
   * The check that it fails: `EC2` (unless said), which every group heeds, or `ELB`, which only groups with that health
   * check type do.
   */
  readonly check?: "EC2" | "ELB";
}

interface FleetLaunch {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly zone: string;
  readonly instanceType: string;
  /** Milliseconds since the epoch, factory time. */
  readonly at: number;
}

/** What becomes of groups' instances; a pure function of its input and a seed (`random` of `embedded-aws/faults`). */
export interface FleetPlan {
  /** Left out, or undefined: healthy for ever. */
  health?(instance: FleetInstance): FleetHealth | undefined;
  /** Whether EC2 has capacity for a launch; left out: always. */
  capacity?(launch: FleetLaunch): boolean;
}

const plans = defineState("autoscaling.fleet", (): { current: FleetPlan } => ({ current: {} }));

/** Sets what becomes of the instances of all groups that come into service from now on. */
export function simulateFleet(aws: EmbeddedAws, plan: FleetPlan): void {
  aws.state(plans, "", "").current = plan;
}

export const fleetPlan = (aws: EmbeddedAws): FleetPlan => aws.state(plans, "", "").current;
