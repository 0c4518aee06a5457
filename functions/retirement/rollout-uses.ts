import { listMoves } from "../../adapters/channel/history.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { listRings } from "../../adapters/rollout/rings.ts";
import { listRollouts, listTargets } from "../../adapters/rollout/rollouts.ts";
import type { TargetRecord } from "../../core/rollout/records.ts";
import { ringBuilds } from "../../core/rollout/ring.ts";
import type { BuildArn } from "../../events/ids.ts";

/**
 * The builds that roll-outs keep in use, each with why, in words: rings that lag behind their channel, and what groups would
 * be taken back to. Whatever cannot be read is an error: what is not known to be unwanted is wanted.
 */
export async function rolloutUses(ledger: Ledger): Promise<ReadonlyMap<BuildArn, readonly string[]>> {
  const uses = new Map<BuildArn, Set<string>>();
  const use = (build: BuildArn, why: string) => uses.set(build, (uses.get(build) ?? new Set()).add(why));
  for (const { channel, wave, ring } of await listRings(ledger)) {
    for (const build of ringBuilds(ring)) use(build, `${channel}'s ring ${wave} names it`);
  }
  for (const { image, channel, record } of await listRollouts(ledger)) {
    const targets = await listTargets(ledger, { image, channel, rollout: record.id });
    const former = new Set(targets.flatMap(formerAmis));
    if (former.size === 0) continue;
    for (const { build, ...move } of await listMoves(ledger, image, channel)) {
      const amis = "amis" in move ? Object.values(move.amis) : [];
      if (build && amis.some((ami) => former.has(ami)))
        use(build, `groups that follow ${channel} may be taken back to it`);
    }
  }
  return new Map([...uses].map(([build, whys]) => [build, [...whys]]));
}

/** What a group's template versions, or overrides, named before the roll-out. */
function formerAmis({ how }: TargetRecord): readonly string[] {
  if (how?.mode === "version") return [how.previousAmi];
  return how?.mode === "override" ? how.previousAmis : [];
}
