import { putEvent } from "../../../adapters/bus.ts";
import { recordDrift, removeDrift, type ToldDrift } from "../../../adapters/ledger/told-drift.ts";
import { driftFound } from "../../../events/drift-found.ts";
import type { ChannelOf } from "../channels/channel-step.ts";
import type { RepairStep } from "./repair-step.ts";

/** What was found to differ from the ledger. */
export interface Drift {
  /** What differs, and where, such as `parameter us-east-1`: of each there is one at a time. */
  readonly what: string;
  /** How, in words. */
  readonly found: string;
  /** What became of it, in words. */
  readonly done: string;
}

/**
 * Tells people of what was found in a channel, each difference once as long as it stands, and forgets those that are
 * gone. Said first and remembered then: a crash in between says it again rather than never.
 * @param kind the beginning of each `what` that was looked at
 * @param told what people were told of before, of all channels
 * @returns how many were told
 */
export async function tellDrift(
  { image, channel }: ChannelOf,
  kind: string,
  drifts: readonly Drift[],
  told: readonly ToldDrift[],
  { ledger, bus, now }: RepairStep,
): Promise<number> {
  const before = told.filter(
    (one) => one.image === image && one.channel === channel && one.what.startsWith(`${kind} `),
  );
  const untold = drifts.filter(({ what, found }) => !before.some((one) => one.what === what && one.found === found));
  for (const { what, found, done } of untold) {
    await putEvent(bus, driftFound, { image, channel, found, done });
    await recordDrift(ledger, { image, channel, what, found, at: now.toISOString() });
  }
  for (const one of before) {
    if (!drifts.some(({ what }) => what === one.what)) await removeDrift(ledger, one);
  }
  return untold.length;
}
