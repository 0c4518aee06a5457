import { type RepairStep, repairEnv } from "../../functions/repair/repair.ts";
import type { Step } from "../../functions/step.ts";

/** Arguments of `reconcile`'s parts; the functions that it invokes have no names. */
export function repairing(step: Step, promotionArn: string): RepairStep {
  const names = Object.fromEntries(repairEnv.map((name) => [name, ""])) as RepairStep["settings"]["env"];
  return { ...step, settings: { ...step.settings, env: { ...names, PROMOTION_ARN: promotionArn } } };
}
