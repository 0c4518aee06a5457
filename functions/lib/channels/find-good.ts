import { listMoves } from "../../../adapters/ledger/history.ts";
import { findBack } from "../../../core/plan-rollback.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./channel-of.ts";
import { readObstacles } from "./read-obstacles.ts";
import { readyForChannel } from "./ready-for-channel.ts";

/** The last build before that can be had in every region; one that cannot be shared is passed by. */
export async function findGood(at: ChannelOf, from: BuildArn, step: Step) {
  const moves = await listMoves(step.ledger, at.image, at.channel);
  const builds = moves.flatMap(({ build }) => build ?? []);
  const obstacle = await readObstacles(at.image, builds, step);
  const failed = new Map<BuildArn, string>();
  for (;;) {
    const back = findBack(moves, from, (build) => failed.get(build) ?? obstacle(build));
    if (!back) return undefined;
    try {
      return await readyForChannel(at, back, step);
    } catch (error) {
      if (!cannotBeHad(error)) throw error;
      step.log.warn("passed by on the way back", { ...at, build: back, why: String(error) });
      failed.set(back, String(error));
    }
  }
}

/** The build itself is the reason; anything else may be gone with the next try. */
const cannotBeHad = (error: unknown): boolean =>
  error instanceof Error &&
  ["AmiNotAvailable", "NoAmiInRegion", "BuildRevoked", "BuildRetired", "PromotionUndone"].includes(error.name);
