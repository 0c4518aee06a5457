import type { Rollout, Wave } from "../factory/rollout-schema.ts";
import type { TreeIndex } from "../organization/organization-tree.ts";
import { WAVE_TAG } from "./group.ts";
import type { RolloutStep } from "./records.ts";

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

/** One group of the first wave, then wave by wave; from a revoked build, everything at once. */
export function stepsOf({ waves }: Pick<Rollout, "waves">, kind: "normal" | "fast"): RolloutStep[] {
  const [first] = waves;
  if (kind === "fast" || !first) return [{ waves: waves.map(({ name }) => name), first: false, bake: 0 }];
  return [
    { waves: [first.name], first: true, bake: first.bake },
    ...waves.map(({ name, bake }) => ({ waves: [name], first: false, bake })),
  ];
}
