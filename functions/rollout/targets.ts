import { listTargets, putTarget } from "../../adapters/rollout/rollouts.ts";
import { nameOf, type TargetRecord } from "../../core/rollout/records.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./open-roll-out.ts";

/** A roll-out's groups during a turn: read once, and kept up to date with the turn's own writes. */
export interface Targets {
  readonly list: () => Promise<readonly TargetRecord[]>;
  /** @returns the record after the write, or undefined if another function changed it first */
  readonly put: (before: TargetRecord | undefined, next: TargetRecord) => Promise<TargetRecord | undefined>;
}

/** Each write compares and sets, so another function's write that this turn has not seen is never overwritten. */
export function targetsOf(
  at: ChannelOf & { readonly rollout: string },
  { ledger, now }: Pick<Step, "ledger" | "now">,
): Targets {
  let known: Promise<readonly TargetRecord[]> | undefined;
  return {
    list() {
      known ??= listTargets(ledger, at);
      return known;
    },
    async put(before, next) {
      const written = await putTarget(ledger, at, before, { next, now });
      // A group's first record has its place in the order of the ledger.
      known = known && before && written ? replaceIn(known, written) : undefined;
      return written;
    },
  };
}

const replaceIn = async (all: Promise<readonly TargetRecord[]>, written: TargetRecord) =>
  (await all).map((one) => (nameOf(one) === nameOf(written) && one.revision < written.revision ? written : one));
