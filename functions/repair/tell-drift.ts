import { putEvent } from "../../adapters/bus.ts";
import { recordDrift, removeDrift, type ToldDrift } from "../../adapters/repair/told-drift.ts";
import type { NotProven } from "../../core/share/decide-proof.ts";
import { driftFound } from "../../events/repair.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { RepairStep } from "./repair.ts";
import type { Known, Scope } from "./scope.ts";

/** What was found to differ from the ledger or the config. */
export interface Drift {
  /** What differs, and where, such as `parameter us-east-1`: of each there is one at a time. */
  readonly what: string;
  /** How, in words. */
  readonly found: string;
  /** What was done about it, in words. */
  readonly done: string;
  /** Whether it is as it should be again; otherwise it stays as it was found. */
  readonly repaired: boolean;
}

/** The report of an artifact that AWS does not confirm. */
export const sayNotProven = ({ message }: NotProven): string =>
  `${message} Find out which role wrote this record, and move the channel with \`amint rollback\`.`;

const HOUR_MS = 3_600_000;

const since = ({ at }: Pick<ToldDrift, "at">, now: Date): number => now.getTime() - Date.parse(at);

/** Whether a difference was last found so short a time ago that it is left to the next hour. */
export const isRecent = (one: Pick<ToldDrift, "at">, now: Date): boolean => since(one, now) < HOUR_MS;

/** An hour's change, left to the next hour: a script that makes it every hour makes one difference, reported once. */
const isSame = (one: Pick<ToldDrift, "at">, now: Date): boolean => since(one, now) < 2.1 * HOUR_MS;

/**
 * Reports what was found, each difference once: one that stays, as long as it stands; one that was repaired, unless it
 * comes back at once. Those that are gone are forgotten. Published first and recorded then: a crash in between reports it
 * again rather than never.
 * @param at the channel that was compared; left out where it is not in a channel, such as in a key
 * @param kind the first word of each `what` that was compared
 * @returns how many were reported
 */
export async function tellDrift(
  at: ChannelOf | undefined,
  kind: string,
  drifts: readonly Drift[],
  { told }: Known,
  { regions }: Scope,
  { ledger, bus, now }: RepairStep,
): Promise<number> {
  const before = told.filter(
    (one) => one.image === at?.image && one.channel === at?.channel && isOf(one, kind, regions),
  );
  let reported = 0;
  for (const { what, found, done, repaired } of drifts) {
    const known = before.find((one) => one.what === what && one.found === found);
    const isKnown = known && (!known.repaired || isSame(known, now));
    if (!isKnown) {
      await putEvent(bus, driftFound, { ...at, found, done });
      reported++;
    }
    if (!isKnown || repaired) await recordDrift(ledger, { ...at, what, found, repaired, at: now.toISOString() });
  }
  for (const one of before) {
    if (drifts.some(({ what }) => what === one.what) || (one.repaired && isSame(one, now))) continue;
    await removeDrift(ledger, one);
  }
  return reported;
}

/** Whether a difference is of a kind, and in one of these regions. */
export function isOf({ what }: Pick<ToldDrift, "what">, kind: string, regions: readonly string[]): boolean {
  const [first, region = ""] = what.split(" ");
  return first === kind && regions.includes(region);
}
