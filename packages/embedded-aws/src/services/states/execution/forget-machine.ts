import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { accountOf, regionOf } from "../arns.ts";
import { statesState } from "../state.ts";

/** A deleted state machine goes, with its executions, when the last of them has ended. */
export function forgetIfDeleted(aws: EmbeddedAws, machineArn: string): void {
  const { machines, executions } = aws.state(statesState, accountOf(machineArn), regionOf(machineArn));
  if (!machines.get(machineArn)?.deleting) return;
  const own = [...executions.values()].filter(({ machine }) => machine.arn === machineArn);
  if (own.some(({ status }) => status === "RUNNING")) return;
  machines.delete(machineArn);
  for (const { arn } of own) executions.delete(arn);
}
