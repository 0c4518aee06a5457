import type { Rollout, Wave } from "../factory/rollout-schema.ts";
import type { TreeIndex } from "../organization/organization-tree.ts";
import { WAVE_TAG } from "./group.ts";
import type { RolloutRecord, RolloutStep } from "./records.ts";

interface Grouped {
  readonly account: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The wave that a group belongs to, or why it belongs to none. */
export function waveOf(
  { account, tags }: Grouped,
  waves: readonly Wave[],
  unitsAbove: (account: string) => readonly string[],
): { readonly wave: string } | { readonly why: string } {
  const chosen = tags[WAVE_TAG];
  if (chosen !== undefined) {
    if (waves.some(({ name }) => name === chosen)) return { wave: chosen };
    const known = waves.map(({ name }) => name).join(", ");
    return { why: `its tag ${WAVE_TAG} names the wave "${chosen}"; the channel's waves are ${known}` };
  }
  const taken = waves.find((wave) => takes(wave, { account, tags }, unitsAbove));
  return taken ? { wave: taken.name } : { why: "no wave of the channel matches its account or tags" };
}

function takes(
  { organizationalUnits, accounts, tag }: Wave,
  group: Grouped,
  unitsAbove: (account: string) => readonly string[],
): boolean {
  if (accounts) return accounts.includes(group.account);
  if (organizationalUnits) return unitsAbove(group.account).some((unit) => organizationalUnits.includes(unit));
  if (tag) return Object.entries(tag).some(([key, value]) => group.tags[key] === value);
  return true;
}

/** A function that returns the OUs above an account. */
export const unitsOf =
  ({ account, pathOf }: Pick<TreeIndex, "account" | "pathOf">) =>
  (id: string): readonly string[] => {
    const parent = account(id)?.parent;
    return parent === undefined ? [] : pathOf(parent);
  };

/**
 * One group of the first wave, then wave by wave; for an urgent build, by the policy's urgent steps and bake; from a
 * revoked build, everything at once.
 */
export function stepsOf(
  { waves, urgent }: Pick<Rollout, "waves" | "urgent">,
  kind: RolloutRecord["kind"],
): RolloutStep[] {
  if (kind === "fast") return [{ waves: waves.map(({ name }) => name), first: false, bake: 0 }];
  const pace = kind === "urgent" ? urgent : undefined;
  const bakes = new Map(waves.map(({ name, bake }) => [name, pace?.bake ?? bake]));
  const steps = (pace?.waves ?? waves.map(({ name }) => [name])).map((names) => ({
    waves: names,
    first: false,
    bake: Math.max(...names.map((name) => bakes.get(name) ?? 0)),
  }));
  const [first] = steps;
  return first ? [{ ...first, first: true }, ...steps] : [];
}
