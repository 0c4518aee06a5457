import type { RolloutCounts } from "../../events/rollout.ts";
import { sayTarget } from "./judge-step.ts";
import type { TargetRecord } from "./records.ts";

const MOST_NAMED = 10;

interface Described {
  readonly groups: RolloutCounts;
  /** Groups that failed, with their reasons. */
  readonly failed: string[];
  /** Groups that do not run the roll-out's build, with their reasons. */
  readonly without: string[];
}

/** Counts the groups of a roll-out by state; ten of each kind are named. */
export function describeCounts(targets: readonly TargetRecord[]): Described {
  const count = (...states: TargetRecord["state"][]) => targets.filter(({ state }) => states.includes(state)).length;
  return {
    groups: {
      done: count("done"),
      failed: count("failed"),
      held: count("held"),
      skipped: count("skipped"),
      returned: count("returned"),
      open: count("pending", "refreshing", "returning"),
    },
    failed: targets
      .filter(({ failed }) => failed)
      .map(sayTarget)
      .slice(0, MOST_NAMED),
    without: targets
      .filter(({ state }) => state !== "done")
      .map(sayTarget)
      .slice(0, MOST_NAMED),
  };
}
