import type { Ledger } from "../../adapters/ledger/table.ts";
import { listRings } from "../../adapters/rollout/rings.ts";
import { ringBuilds } from "../../core/rollout/ring.ts";
import type { BuildArn } from "../../events/ids.ts";

/**
 * The builds that roll-outs keep in use, each with why, in words: rings that lag behind their channel, or would be taken
 * back. Whatever cannot be read is an error: what is not known to be unwanted is wanted.
 */
export async function rolloutUses(ledger: Ledger): Promise<ReadonlyMap<BuildArn, readonly string[]>> {
  const uses = new Map<BuildArn, string[]>();
  for (const { channel, wave, ring } of await listRings(ledger)) {
    for (const build of ringBuilds(ring)) {
      uses.set(build, [...(uses.get(build) ?? []), `${channel}'s ring ${wave} names it`]);
    }
  }
  return uses;
}
