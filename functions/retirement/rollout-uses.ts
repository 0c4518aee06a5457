import { listMoves } from "../../adapters/channel/history.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { listRings } from "../../adapters/rollout/rings.ts";
import { listRollouts, listTargets } from "../../adapters/rollout/rollouts.ts";
import type { TargetRecord } from "../../core/rollout/records.ts";
import { ringBuilds } from "../../core/rollout/ring.ts";
import type { BuildArn } from "../../events/ids.ts";

/**
 * The builds that roll-outs keep in use, with the reasons: rings that lag behind their channel, and builds that groups
 * may return to. Any read failure is an error: a build counts as in use until it is known to be unused.
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
      if (build && amis.some((ami) => former.has(ami))) use(build, `groups that follow ${channel} may return to it`);
    }
  }
  return new Map([...uses].map(([build, whys]) => [build, [...whys]]));
}

/** The AMIs that a group's template versions or overrides had before the roll-out. */
function formerAmis({ how }: TargetRecord): readonly string[] {
  if (how?.mode === "version") return [how.previousAmi];
  return how?.mode === "override" ? how.previousAmis : [];
}
