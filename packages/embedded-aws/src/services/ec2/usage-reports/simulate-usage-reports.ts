import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import type { Call } from "../../../engine/operation.ts";
import { defineState } from "../../../engine/state.ts";
import { reportFaultOf } from "../../../faults/interference.ts";

/** How a report goes wrong: it ends in `error`, or stays `pending` until EC2 deletes it. */
export type ReportFault = "error" | "pending";

type Simulation = (imageId: string) => ReportFault | undefined;

const simulated = defineState("ec2.usage-reports-simulation", (): { current: Simulation | undefined } => ({
  current: undefined,
}));

/** From now on reports that the account asks for in the region go wrong as `simulation` says; undefined: they succeed. */
export function simulateUsageReports(
  aws: EmbeddedAws,
  account: string,
  region: string,
  simulation: Simulation | undefined,
): void {
  aws.state(simulated, account, region).current = simulation;
}

/** What becomes of a report that is being asked for; undefined: it becomes available. */
export function faultOfReport(call: Call, imageId: string): ReportFault | undefined {
  const { current } = call.aws.state(simulated, call.account, call.region);
  return current ? current(imageId) : reportFaultOf(call);
}
