import { listMoves } from "../../../adapters/ledger/history.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { trailOf } from "../../../core/plan-rollback.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./channel-of.ts";
import { findStop, type Stop } from "./find-stop.ts";
import { type Back, leaveFor } from "./leave-withdrawn.ts";

/**
 * Asked by a promotion's move, before and after: a build that was withdrawn meanwhile does not stay in the channel, nor
 * one that an earlier try, which died, had moved there. The channel goes back to what it pointed at before; that is
 * shared still, as only what is withdrawn is taken from people.
 * @throws BuildRevoked, PromotionUndone, with the channel off the build
 */
export async function requireNotWithdrawn(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  step: Step,
): Promise<void> {
  await refuseWithdrawn({ image, channel, build }, await findStop(step.ledger, build), step);
}

/** The same, where it was asked already. */
export async function refuseWithdrawn(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  stop: Stop | undefined,
  step: Step,
): Promise<void> {
  const { ledger } = step;
  if (!stop) return;
  const wasThere = (await listMoves(ledger, image, channel)).some((move) => move.build === build);
  if (wasThere) await leaveFor(() => findBefore({ image, channel }, ledger), { image, channel }, step);
  throw stop.refusal;
}

/** The last build on the channel's way that nobody withdrew, as the channel had it; undefined where there is none. */
async function findBefore({ image, channel }: ChannelOf, ledger: Ledger): Promise<Back | undefined> {
  const moves = await listMoves(ledger, image, channel);
  for (const build of trailOf(moves).toReversed()) {
    if (await findStop(ledger, build)) continue;
    const had = moves.findLast((move) => move.build === build);
    if (!had?.build) continue;
    const { startedAt, amis, behind, onlyAfter } = had;
    return { build, startedAt, amis, behind, onlyAfter };
  }
  return undefined;
}
