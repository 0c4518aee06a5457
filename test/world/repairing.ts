import { type RepairStep, repairEnv } from "../../functions/repair/repair.ts";
import type { Step } from "../../functions/step.ts";

/** What `reconcile`'s parts are given; the functions that it hands things to have no names. */
export function repairing(step: Step, promotionArn: string): RepairStep {
  const names = Object.fromEntries(repairEnv.map((name) => [name, ""])) as RepairStep["settings"]["env"];
  return { ...step, settings: { ...step.settings, env: { ...names, PROMOTION_ARN: promotionArn } } };
}
