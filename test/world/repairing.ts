import type { Invocation } from "../../functions/invocation.ts";
import { type RepairInvocation, repairEnv } from "../../functions/repair/repair.ts";

/** Arguments of `reconcile`'s parts; the functions that it invokes have no names. */
export function repairing(step: Invocation, promotionArn: string): RepairInvocation {
  const names = Object.fromEntries(repairEnv.map((name) => [name, ""])) as RepairInvocation["settings"]["env"];
  return { ...step, settings: { ...step.settings, env: { ...names, PROMOTION_ARN: promotionArn } } };
}
