import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { exportsState, type Simulation } from "./task.ts";

/** From now on tasks of the account in the region end as `simulation` says; undefined: they succeed. */
export function simulateExports(
  aws: EmbeddedAws,
  account: string,
  region: string,
  simulation: Simulation | undefined,
): void {
  aws.state(exportsState, account, region).simulation = simulation;
}
