import { type ChannelRecord, findChannel } from "../../../adapters/ledger/channels.ts";
import { emptyInLedger, listMoves, moveInLedger } from "../../../adapters/ledger/history.ts";
import { BuildRevoked, findRevocation, type Revocation } from "../../../adapters/ledger/revocations.ts";
import { findBack } from "../../../core/plan-rollback.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { ChannelOf, ChannelStep } from "./channel-step.ts";
import { ChannelContested, publishChannel } from "./publish-channel.ts";
import { readObstacles } from "./read-obstacles.ts";
import { readyForChannel } from "./ready-for-channel.ts";

/** What a channel pointed at may be revoked as well, and what took its place, too. */
const TRIES = 5;

/**
 * Moves a channel off a revoked build: to the last good one that it came by, or to nothing. A channel that points at
 * something else is left where it is.
 * @returns the channel as it is now
 * @throws ChannelContested where others moved it each time
 */
export async function leaveRevoked(at: ChannelOf, step: ChannelStep): Promise<ChannelRecord | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await findChannel(step.ledger, at.image, at.channel);
    const revoked = current && (await findRevocation(step.ledger, current.build));
    if (!revoked) return publishChannel(at, step);
    if (await leave(at, current, revoked, step)) await publishChannel(at, step);
  }
  throw new ChannelContested(at.image, at.channel);
}

/** @returns false where somebody else moved it meanwhile */
async function leave(at: ChannelOf, current: ChannelRecord, revoked: Revocation, step: ChannelStep): Promise<boolean> {
  const { ledger, now } = step;
  const why = { how: "revoke" as const, by: revoked.by, because: revoked.reason };
  const back = await findGood(at, current.build, step);
  const place = { ...at, now };
  if (!back) return emptyInLedger(ledger, place, current, why);
  const { onlyAfter } = current;
  return Boolean(await moveInLedger(ledger, place, current, { ...back, ...why, ...(onlyAfter && { onlyAfter }) }));
}

/** The last build before that can be had in every region; one that cannot be shared is passed by. */
export async function findGood(at: ChannelOf, from: BuildArn, step: ChannelStep) {
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

/** Whether a channel points at a revoked build. */
export async function isAtRevoked({ image, channel }: ChannelOf, { ledger }: ChannelStep): Promise<boolean> {
  const current = await findChannel(ledger, image, channel);
  return current !== undefined && (await findRevocation(ledger, current.build)) !== undefined;
}

/**
 * After a channel was moved: whoever revoked the build in that moment may have looked at the channel before.
 * @throws BuildRevoked, with the channel off it again
 */
export async function stopAtRevoked(at: ChannelOf, step: ChannelStep): Promise<void> {
  const current = await findChannel(step.ledger, at.image, at.channel);
  const revoked = current && (await findRevocation(step.ledger, current.build));
  if (!revoked) return;
  await leaveRevoked(at, step);
  throw new BuildRevoked(current.build, revoked);
}
