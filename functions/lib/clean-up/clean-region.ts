import { EC2Client } from "@aws-sdk/client-ec2";
import { findInRegion } from "../../../adapters/leftovers.ts";
import { planCleanUp } from "../../../core/clean-up/plan-clean-up.ts";
import { inTurn } from "../repair/in-turn.ts";
import type { Step } from "../step.ts";
import { carryOutCleanUp } from "./carry-out.ts";
import { type BuildOrigin, originsByAmi } from "./read-origins.ts";

/**
 * Marks and removes a region's AMIs and snapshots that nobody will use. Where the region cannot be looked at in full,
 * nothing is removed there.
 * @returns how many things were removed
 */
export async function cleanRegion(
  region: string,
  origins: readonly BuildOrigin[],
  step: Step<"PROMOTION_ARN">,
): Promise<number> {
  const { settings, now, client } = step;
  const { name: factory, leftovers } = settings.factory;
  const found = await findInRegion(client(EC2Client, region), region, factory);
  const plan = planCleanUp({ factory, now, keepSeconds: leftovers.keep, ...found, originOf: originsByAmi(origins) });
  return inTurn(Object.fromEntries(plan.map((one, nth) => [`${one.kind} ${nth}`, () => carryOutCleanUp(one, step)])));
}
