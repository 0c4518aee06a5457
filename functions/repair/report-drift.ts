import { putEvent } from "../../adapters/bus.ts";
import { type ReportedDrift, recordDrift, removeDrift } from "../../adapters/repair/reported-drift.ts";
import type { NotProven } from "../../core/share/decide-proof.ts";
import { driftFound } from "../../events/repair.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { RepairInvocation } from "./repair.ts";
import type { Known, Scope } from "./scope.ts";

/** A difference from the ledger or the config. */
export interface Drift {
  /** What differs, and where, such as `parameter us-east-1`; unique. */
  readonly what: string;
  /** The difference as text. */
  readonly found: string;
  /** The action as text. */
  readonly done: string;
  /** Whether it was corrected; otherwise the difference remains. */
  readonly repaired: boolean;
}

/** The report of an artifact that AWS does not confirm. */
export const sayNotProven = ({ message }: NotProven): string =>
  `${message} Find out which role wrote this record, and move the channel with \`amint rollback\`.`;

const HOUR_MS = 3_600_000;

const since = ({ at }: Pick<ReportedDrift, "at">, now: Date): number => now.getTime() - Date.parse(at);

/** Whether a difference was found within the last hour; it then waits for the next hour. */
export const isRecent = (one: Pick<ReportedDrift, "at">, now: Date): boolean => since(one, now) < HOUR_MS;

/** Counts as the same difference within two hours: a script that repeats a change every hour is reported once. */
const isSame = (one: Pick<ReportedDrift, "at">, now: Date): boolean => since(one, now) < 2.1 * HOUR_MS;

/**
 * Reports each difference once: a remaining one while it exists, a corrected one unless it returns at once. Forgets
 * those that are gone. Publishes before it records, so that a crash in between repeats the report.
 * @param at the compared channel; left out for what belongs to no channel, such as a key
 * @param kind the first word of each compared `what`
 * @returns how many were reported
 */
export async function reportDrift(
  at: ChannelOf | undefined,
  kind: string,
  drifts: readonly Drift[],
  { told }: Known,
  { regions }: Scope,
  { ledger, bus, now }: RepairInvocation,
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

/** Whether a difference is of this kind and in one of these regions. */
export function isOf({ what }: Pick<ReportedDrift, "what">, kind: string, regions: readonly string[]): boolean {
  const [first, region = ""] = what.split(" ");
  return first === kind && regions.includes(region);
}
