import { freshTarget, isOpen, nameOf, type RolloutRecord, type TargetRecord } from "../../core/rollout/records.ts";
import { placeOf } from "../../core/rollout/ring.ts";
import type { Going } from "./in-place.ts";
import { type Listing, listGroups } from "./list-groups.ts";
import { moveRings } from "./move-rings.ts";
import type { Targets } from "./targets.ts";

/** Placeholder for the groups of an account and region that could not be listed. */
export const ALL = "*";

/**
 * Lists the groups of a step, and moves its waves' rings so that new instances start from the build.
 * @param again only places that did not answer: with constant random failures, a full listing might never succeed.
 * Known groups do not change
 */
export async function listStep(running: Going, again = false): Promise<void> {
  const { record, invocation, targets } = running;
  const index = again ? Math.min(record.index, record.steps.length - 1) : record.index;
  const current = record.steps[index];
  if (!current) return;
  const known = await targets.list();
  const byName = new Map(known.map((target) => [nameOf(target), target]));
  const unlisted = known.filter(({ group, state }) => group === ALL && state === "held");
  const only = again ? unlisted : listedBefore(record, known);
  const places = only && new Set(only.map(({ account, region }) => placeOf(account, region)));
  const { groups, unknown } = await (places ? listGroups(running, invocation, places) : listOnce(running));
  const found = groups.map(({ group, taken }) => ({
    account: group.account,
    region: group.region,
    group: group.name,
    size: group.desired,
    why: undefined,
    ...("wave" in taken
      ? { wave: taken.wave, state: "pending" as const }
      : { wave: "", state: "skipped" as const, why: taken.why }),
  }));
  const unseen = unknown.map(({ account, region, why, passing }) => ({
    account,
    region,
    group: ALL,
    wave: "",
    state: passing ? ("held" as const) : ("skipped" as const),
    why: `its groups could not be listed: ${why}`,
  }));
  const seen = unlisted
    .filter(({ account, region }) => !unknown.some((one) => one.account === account && one.region === region))
    .map(({ account, region }) => ({
      account,
      region,
      group: ALL,
      wave: "",
      state: "skipped" as const,
      why: "its groups were listed later",
    }));
  for (const one of [...found, ...unseen, ...seen]) {
    const before = byName.get(nameOf(one));
    if (again && before && one.group !== ALL) continue;
    const isPlace = one.group === ALL && (one.state === "held" || before !== undefined);
    const belongs = isPlace || (current.first ? current.waves.includes(one.wave) : hasBegun(record, one.wave));
    // A group that is done keeps its result.
    if (!belongs || (before && !isOpen(before))) continue;
    const checkedAt = isPlace ? invocation.now.toISOString() : undefined;
    const next = { ...freshTarget, ...before, ...one, step: index, intent: before?.intent, checkedAt };
    await targets.put(before, next);
  }
  if (!current.first && !again) await moveRings(running, record, { waves: current.waves, invocation });
}

/**
 * The first wave's groups were all listed with its first group: it lists their places only. A group elsewhere that joins
 * this wave meanwhile is found by the next one.
 * @returns undefined for a step that lists all places
 */
const listedBefore = ({ steps, index }: RolloutRecord, known: readonly TargetRecord[]) =>
  steps[index - 1]?.first && index < steps.length - 1 ? known : undefined;

/** Of all places, by a turn's targets. */
const listings = new WeakMap<Targets, Promise<Listing>>();

/** Steps that have no groups follow each other within one turn: its first listing serves all of them. */
function listOnce(running: Going): Promise<Listing> {
  const listing = listings.get(running.targets) ?? listGroups(running, running.invocation);
  listings.set(running.targets, listing);
  return listing;
}

/** Also groups of an earlier wave that were missing when it began. Groups without a wave belong to the last step. */
function hasBegun({ steps, index }: RolloutRecord, wave: string): boolean {
  const nth = wave === "" ? steps.length - 1 : steps.findIndex((one) => !one.first && one.waves.includes(wave));
  return nth >= 0 && nth <= index;
}
