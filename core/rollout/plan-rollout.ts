import type { RolloutStep, TargetRecord } from "./records.ts";

/** A group as a roll-out would treat it now. */
export interface PlannedGroup {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  /** Empty if it belongs to no wave. */
  readonly wave: string;
  /** The group's desired capacity. */
  readonly desired: number;
  readonly mode?: "parameter" | "version" | "override" | undefined;
  readonly state: Extract<TargetRecord["state"], "pending" | "held" | "skipped">;
  readonly why?: string | undefined;
}

interface PlannedStep {
  readonly waves: readonly string[];
  readonly first: boolean;
  /** In seconds. */
  readonly bake: number;
  readonly groups: readonly PlannedGroup[];
}

export interface RolloutPlan {
  readonly steps: readonly PlannedStep[];
  /** Groups that belong to no wave. */
  readonly outside: readonly PlannedGroup[];
}

/** The order in which a channel's groups would be refreshed. The smallest group of each wave comes first. */
export function planSteps(groups: readonly PlannedGroup[], steps: readonly RolloutStep[]): RolloutPlan {
  const byWave = Map.groupBy(groups.toSorted(compare), ({ wave }) => wave);
  const first = steps.find((step) => step.first);
  const goesFirst = first?.waves
    .flatMap((wave) => byWave.get(wave) ?? [])
    .find(({ state, desired }) => state === "pending" && desired > 0);
  return {
    steps: steps.map(({ waves, first: alone, bake }) => ({
      waves,
      first: alone,
      bake,
      groups: alone
        ? goesFirst
          ? [goesFirst]
          : []
        : waves.flatMap((wave) => byWave.get(wave) ?? []).filter((group) => group !== goesFirst),
    })),
    outside: byWave.get("") ?? [],
  };
}

const compare = (a: PlannedGroup, b: PlannedGroup): number =>
  a.desired - b.desired ||
  compareText(a.account, b.account) ||
  compareText(a.region, b.region) ||
  compareText(a.group, b.group);

/** Much faster than a locale's comparison, and sufficient for ids. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
