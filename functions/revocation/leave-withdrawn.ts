import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { emptyInLedger, moveInLedger } from "../../adapters/channel/history.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import { ChannelContested, type Insisting, publishChannel } from "../channel/publish-channel.ts";
import { findGood } from "../channel/ready-for-channel.ts";
import { findStop } from "../promotion/find-stop.ts";
import type { Step } from "../step.ts";

/** What a channel goes back to may have been withdrawn as well, and what took its place, too. */
const TRIES = 5;

/** What a channel goes back to, and which regions have it. */
export type Back = Pick<ChannelRecord, "build" | "startedAt" | "amis" | "behind" | "onlyAfter">;

/**
 * Moves a channel off a build that was revoked, or whose promotion was taken back: to the last good one that it came by,
 * or to nothing. A channel that points at something else is left where it is, and published.
 * @returns the channel as it is now
 * @throws ChannelContested where others moved it each time
 */
export const leaveWithdrawn = (at: ChannelOf, step: Step, insisting?: Insisting): Promise<ChannelRecord | undefined> =>
  leaveFor((from) => findGood(at, from, step), at, step, insisting);

/** The same, with another way to find what the channel goes back to. */
export async function leaveFor(
  findBack: (from: BuildArn) => Promise<Back | undefined>,
  at: ChannelOf,
  step: Step,
  insisting?: Insisting,
): Promise<ChannelRecord | undefined> {
  const { ledger, now } = step;
  const place = { ...at, now };
  for (let tries = 0; tries < TRIES; tries++) {
    const current = await findChannel(ledger, at.image, at.channel);
    const stop = current && (await findStop(ledger, current.build));
    if (!stop) return publishChannel(at, step, insisting);
    const back = await findBack(current.build);
    const { onlyAfter = back?.onlyAfter } = current;
    if (back) await moveInLedger(ledger, place, current, { ...back, ...stop.move, onlyAfter });
    else await emptyInLedger(ledger, place, current, stop.move);
  }
  throw new ChannelContested(at.image, at.channel);
}

/** Whether a channel points at a build that was withdrawn, or a region that is behind keeps one. */
export async function isAtWithdrawn({ image, channel }: ChannelOf, { ledger }: Step): Promise<boolean> {
  const current = await findChannel(ledger, image, channel);
  if (!current) return false;
  const kept = Object.values(current.behind ?? {}).flatMap(({ build }) => build ?? []);
  const stops = [...new Set([current.build, ...kept])].map((build) => findStop(ledger, build));
  return (await Promise.all(stops)).some((stop) => stop !== undefined);
}

/**
 * After a channel was moved: whoever withdrew the build in that moment may have looked at the channel before.
 * @throws BuildRevoked, PromotionUndone, with the channel off it again
 */
export async function stopAtWithdrawn(at: ChannelOf, step: Step): Promise<void> {
  const current = await findChannel(step.ledger, at.image, at.channel);
  const stop = current && (await findStop(step.ledger, current.build));
  if (!stop) return;
  await leaveWithdrawn(at, step);
  throw stop.refusal;
}
