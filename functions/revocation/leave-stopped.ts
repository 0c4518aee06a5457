import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { emptyInLedger, moveInLedger } from "../../adapters/channel/history.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import { ChannelContested, type Insisting, publishChannel } from "../channel/publish-channel.ts";
import { findGood } from "../channel/ready-for-channel.ts";
import type { Invocation } from "../invocation.ts";
import { findStop } from "../promotion/find-stop.ts";

/** The build that a channel returns to, and the build that replaced it, may be revoked as well. */
const TRIES = 5;

/** The build that a channel returns to, and the regions that have it. */
export type Back = Pick<ChannelRecord, "build" | "startedAt" | "amis" | "behind" | "onlyAfter">;

/**
 * Moves a channel off a build that was revoked or whose promotion was undone: to the channel's last usable earlier
 * build, or to nothing. A channel that points at another build stays there and is published.
 * @returns the channel's current record
 * @throws ChannelContested where other functions moved it during each try
 */
export const leaveStopped = (
  at: ChannelOf,
  invocation: Invocation,
  insisting?: Insisting,
): Promise<ChannelRecord | undefined> => leaveFor((from) => findGood(at, from, invocation), at, invocation, insisting);

/** The same, with a different way to find the build to return to. */
export async function leaveFor(
  findBack: (from: BuildArn) => Promise<Back | undefined>,
  at: ChannelOf,
  invocation: Invocation,
  insisting?: Insisting,
): Promise<ChannelRecord | undefined> {
  const { ledger, now } = invocation;
  const place = { ...at, now };
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await findChannel(ledger, at.image, at.channel);
    const stop = current && (await findStop(ledger, current.build));
    if (!stop) return publishChannel(at, invocation, insisting);
    const back = await findBack(current.build);
    // It was restored after the look above.
    if (back?.build === current.build) continue;
    const { onlyAfter = back?.onlyAfter } = current;
    if (back) await moveInLedger(ledger, place, current, { ...back, ...stop.move, onlyAfter });
    else await emptyInLedger(ledger, place, current, stop.move);
  }
  throw new ChannelContested(at.image, at.channel);
}

/** Whether a channel points at a revoked or undone build, or a region that is behind still has one. */
export async function isAtStopped({ image, channel }: ChannelOf, { ledger }: Invocation): Promise<boolean> {
  const current = await findChannel(ledger, image, channel);
  if (!current) return false;
  const kept = Object.values(current.behind ?? {}).flatMap(({ build }) => build ?? []);
  const stops = [...new Set([current.build, ...kept])].map((build) => findStop(ledger, build));
  return (await Promise.all(stops)).some((stop) => stop !== undefined);
}

/**
 * Runs after a channel moved: a revocation at the same moment may have read the channel before the move.
 * @throws BuildRevoked, PromotionUndone after the channel has left the build
 */
export async function requireNotStopped(at: ChannelOf, invocation: Invocation): Promise<void> {
  const current = await findChannel(invocation.ledger, at.image, at.channel);
  const stop = current && (await findStop(invocation.ledger, current.build));
  if (!stop) return;
  await leaveStopped(at, invocation);
  throw stop.refusal;
}
