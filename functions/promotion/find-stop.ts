import type { HistoryEntry } from "../../adapters/channel/history.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { readTogether } from "../../adapters/ledger/wanted.ts";
import { whetherUndone } from "../../adapters/promotion/promotion.ts";
import { BuildRevoked, type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import type { BuildArn } from "../../events/ids.ts";

/** Why nobody is given a build any more. */
export interface Stop {
  /** How a channel that leaves the build because of it is moved. */
  readonly move: Pick<HistoryEntry, "how" | "by" | "because">;
  /** What whoever goes on with the build is refused with. */
  readonly refusal: BuildRevoked | PromotionUndone;
}

/**
 * Whether a build was withdrawn: revoked, or its promotion taken back. Whoever withdraws a build writes that down first
 * and looks at shares and channels then. So whoever shares it, or moves a channel to it, does that first and asks here
 * then: however the two fall together, the later one of them sees the other.
 * @returns undefined where it was not
 */
export async function findStop(ledger: Ledger, build: BuildArn): Promise<Stop | undefined> {
  const [revoked, undone] = await readTogether(ledger, stopping(build));
  return toStop(build, revoked, undone);
}

/** What `findStop` asks, to be read together with something else at that moment. */
export const stopping = (build: BuildArn) => [revocationOf(build), whetherUndone(build)] as const;

export function toStop(build: BuildArn, revoked: Revocation | undefined, undone: boolean): Stop | undefined {
  if (revoked) {
    const { by, reason } = revoked;
    return { move: { how: "revoke", by, because: reason }, refusal: new BuildRevoked(build, revoked) };
  }
  return undone ? { move: { how: "undo" }, refusal: new PromotionUndone(build) } : undefined;
}

/** The build's promotion failed, and what it changed is being taken back, or was. */
class PromotionUndone extends Error {
  override readonly name = "PromotionUndone";

  constructor(build: BuildArn) {
    super(`${build} is neither shared nor published: its promotion has been undone.`);
  }
}
