import { EC2Client } from "@aws-sdk/client-ec2";
import { findInRegion } from "../../adapters/retirement/leftovers-in-region.ts";
import { type CleanUpAct, planCleanUp } from "../../core/retirement/plan-clean-up.ts";
import type { Invocation } from "../invocation.ts";
import { type BuildOrigin, originsByAmi } from "./read-origins.ts";

/** What is due in a region. `mark-leftovers` writes the tags and `clean-up` does the rest: neither role may do both. */
export async function planRegion(
  region: string,
  origins: readonly BuildOrigin[],
  { settings, now, client }: Invocation,
): Promise<CleanUpAct[]> {
  const { name: factory, leftovers } = settings.factory;
  const found = await findInRegion(client(EC2Client, region), region, factory);
  return planCleanUp({ factory, now, keepSeconds: leftovers.keep, ...found, originOf: originsByAmi(origins) });
}

/** The acts that only write tags. */
export type MarkingAct = Extract<CleanUpAct, { readonly kind: "mark" | "unmark" }>;

export const isMarking = (act: CleanUpAct): act is MarkingAct => act.kind === "mark" || act.kind === "unmark";
