import { listTargets, putTarget } from "../../adapters/rollout/rollouts.ts";
import { nameOf, type TargetRecord } from "../../core/rollout/records.ts";
import type { Invocation } from "../invocation.ts";
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
  { ledger, now }: Pick<Invocation, "ledger" | "now">,
): Targets {
  let known: readonly TargetRecord[] | undefined;
  let writes = 0;
  return {
    async list() {
      if (known) return known;
      const before = writes;
      const found = await listTargets(ledger, at);
      // One that was written during the read may be missing in it.
      if (writes === before) known = found;
      return found;
    },
    async put(before, next) {
      let written: TargetRecord | undefined;
      try {
        written = await putTarget(ledger, at, before, { next, now });
        return written;
      } finally {
        writes += 1;
        // A group's first record has its place in the order of the ledger.
        known = known && before && written ? replaceIn(known, written) : undefined;
      }
    },
  };
}

const replaceIn = (all: readonly TargetRecord[], written: TargetRecord): readonly TargetRecord[] =>
  all.map((one) => (nameOf(one) === nameOf(written) && one.revision < written.revision ? written : one));
