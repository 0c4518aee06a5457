import type { HistoryEntry } from "../../adapters/channel/history.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { whetherUndone } from "../../adapters/promotion/promotion.ts";
import { BuildRevoked, type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import type { BuildArn } from "../../events/ids.ts";

/** Why a build must not be shared or published. */
export interface Stop {
  /** How a channel leaves the build. */
  readonly move: Pick<HistoryEntry, "how" | "by" | "because">;
  /** The error for functions that continue with the build. */
  readonly refusal: BuildRevoked | PromotionUndone;
}

/**
 * Whether a build was revoked or its promotion undone. The function that stops a build records that first and reads
 * shares and channels afterwards. A function that shares the build or moves a channel to it does that first and calls
 * this afterwards: whatever the order, the later one sees the other.
 * @returns undefined where it was not
 */
export async function findStop(ledger: Ledger, build: BuildArn): Promise<Stop | undefined> {
  const [revoked, undone] = await readBatch(ledger, stopping(build));
  return toStop(build, revoked, undone);
}

/** The queries of `findStop`, for a combined read. */
export const stopping = (build: BuildArn) => [revocationOf(build), whetherUndone(build)] as const;

export function toStop(build: BuildArn, revoked: Revocation | undefined, undone: boolean): Stop | undefined {
  if (revoked) {
    const { by, reason } = revoked;
    return { move: { how: "revoke", by, because: reason }, refusal: new BuildRevoked(build, revoked) };
  }
  return undone ? { move: { how: "undo" }, refusal: new PromotionUndone(build) } : undefined;
}

/** The build's promotion failed, and its changes are undone or being undone. */
class PromotionUndone extends Error {
  override readonly name = "PromotionUndone";

  constructor(build: BuildArn) {
    super(`${build} is not shared or published: its promotion was undone. \`amint promote\` retries it.`);
  }
}
