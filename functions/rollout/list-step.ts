import { listTargets, putTarget } from "../../adapters/rollout/rollouts.ts";
import { freshTarget, isOpen, nameOf, type RolloutRecord } from "../../core/rollout/records.ts";
import type { Going } from "./in-place.ts";
import { listGroups } from "./list-groups.ts";
import { moveRings } from "./move-rings.ts";

/** Lists the step's groups, and lets the new instances of its waves start from the build. */
export async function listStep(running: Going): Promise<void> {
  const { record, step, image, channel } = running;
  const current = record.steps[record.index];
  if (!current) return;
  const known = await listTargets(step.ledger, { image, channel, rollout: record.id });
  const byName = new Map(known.map((target) => [nameOf(target), target]));
  const { groups, unknown } = await listGroups(running, step);
  const found = groups.map(({ group, taken }) => ({
    account: group.account,
    region: group.region,
    group: group.name,
    ...("wave" in taken
      ? { wave: taken.wave, state: "pending" as const }
      : { wave: "", state: "skipped" as const, why: taken.why }),
  }));
  const unseen = unknown.map((place) => ({
    ...place,
    group: "*",
    wave: "",
    state: "skipped" as const,
    why: `its groups could not be listed: ${place.why}`,
  }));
  for (const one of [...found, ...unseen]) {
    const before = byName.get(nameOf(one));
    const belongs = current.first ? current.waves.includes(one.wave) : hasBegun(record, one.wave);
    // A group that had its turn keeps what came of it.
    if (!belongs || (before && !isOpen(before))) continue;
    const next = {
      ...freshTarget,
      ...before,
      ...one,
      step: record.index,
      intent: before?.intent,
      checkedAt: undefined,
    };
    await putTarget(step.ledger, { image, channel, rollout: record.id }, before, { next, now: step.now });
  }
  if (!current.first) await moveRings(running, record, { waves: current.waves, step });
}

/** Also of a wave before: a group that was not seen, or not there, when that began. What no wave takes comes last. */
function hasBegun({ steps, index }: RolloutRecord, wave: string): boolean {
  const nth = wave === "" ? steps.length - 1 : steps.findIndex((one) => !one.first && one.waves.includes(wave));
  return nth >= 0 && nth <= index;
}
