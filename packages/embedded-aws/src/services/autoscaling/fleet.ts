import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";

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
  /** Seconds from the launch until it fails; omitted: at once. It does not recover. */
  readonly after?: number;
  /**
   * The health check that fails: `EC2` (default) affects every group, `ELB` only groups with that health check
   * type.
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

/** What happens to groups' instances; a pure function of its input and a seed (`random` of `embedded-aws/faults`). */
export interface FleetPlan {
  /** Omitted or undefined: always healthy. */
  health?(instance: FleetInstance): FleetHealth | undefined;
  /** Whether EC2 has capacity for a launch; omitted: always. */
  capacity?(launch: FleetLaunch): boolean;
}

const plans = defineState("autoscaling.fleet", (): { current: FleetPlan } => ({ current: {} }));

/** Sets the plan for all group instances that come into service from now on. */
export function simulateFleet(aws: EmbeddedAws, plan: FleetPlan): void {
  aws.state(plans, "", "").current = plan;
}

export const fleetPlan = (aws: EmbeddedAws): FleetPlan => aws.state(plans, "", "").current;
