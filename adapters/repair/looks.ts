import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { derived, read, readTogether, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";

const lookWriter = /* @__PURE__ */ writer("look");
const openWorkWriter = /* @__PURE__ */ writer("openWork");

const look = z.object({
  /** When the last look at it began that was finished. */
  lookedAt: z.iso.datetime().optional(),
  /** Until when one is under way, unless it died. */
  lookingUntil: z.iso.datetime().optional(),
  /** Since when a look is asked for that could not be had at once. */
  wantedAt: z.iso.datetime().optional(),
});

/** When something published was last compared with AWS because of an event, and whether it is to be compared again. */
export type LookRecord = z.output<typeof look>;

const key = (name: string) => keyOf("look", { name });

/** A full look is due within a week; after that a look at a part says nothing any more. */
const KEPT_SECONDS = 8 * 86_400;

const expires = (at: Date): number => Math.floor(at.getTime() / 1000) + KEPT_SECONDS;

/** The full look at everything; and the organization as it was last read, with what depends on it. */
export const FULL = "FULL";

export const ORGANIZATION = "ORGANIZATION";

const lookOf = (name: string): Wanted<LookRecord | undefined> => wanted(key(name), look);

export const findLook = (ledger: Ledger, name: string): Promise<LookRecord | undefined> => read(ledger, lookOf(name));

/** These looks by name, and which work is announced, in one call. */
export async function readAnnounced(
  ledger: Ledger,
  names: readonly string[],
): Promise<{ readonly work: ReadonlySet<WorkKind>; readonly looks: ReadonlyMap<string, LookRecord> }> {
  const found = await readTogether(ledger, [...workKinds.map(whetherAnnounced), ...names.map(lookOf)]);
  const looks = names.map((name, n) => [name, found[workKinds.length + n]] as const);
  return {
    work: new Set(workKinds.filter((_, n) => found[n] === true)),
    looks: new Map(looks.flatMap(([name, one]) => (typeof one === "object" ? [[name, one]] : []))),
  };
}

/** All of them, by name. */
export const listLooks = async (ledger: Ledger): Promise<ReadonlyMap<string, LookRecord>> =>
  new Map((await query(ledger, below("look"))).map((item) => [String(item.sk), look.parse(item)]));

/** No look takes longer. */
const LOOKING_MS = 15 * 60_000;

/** Begins a look. @returns false where another one is under way */
export const beginLook = (ledger: Ledger, name: string, now: Date): Promise<boolean> =>
  lookWriter.set(
    ledger,
    key(name),
    { lookingUntil: new Date(now.getTime() + LOOKING_MS).toISOString(), expires: expires(now) },
    {
      expression: "attribute_not_exists(lookingUntil) OR lookingUntil < :now",
      values: { ":now": now.toISOString() },
    },
  );

/** Asks for a look at the next hour. */
export async function wantLook(ledger: Ledger, name: string, now: Date): Promise<void> {
  await announceWork(ledger, "looks", now.toISOString());
  await lookWriter.set(ledger, key(name), { wantedAt: now.toISOString(), expires: expires(now) });
}

/**
 * A look that began at `at` is over; that answers what was asked for before then.
 * @param again it is to be looked at again in the next hour
 */
export const recordLook = (ledger: Ledger, name: string, at: Date, { again = false } = {}): Promise<boolean> =>
  lookWriter.put(
    ledger,
    key(name),
    {
      lookedAt: at.toISOString(),
      ...(again && { wantedAt: at.toISOString() }),
      // With these two it is known for long how long ago they were.
      ...(name !== FULL && name !== ORGANIZATION && { expires: expires(at) }),
    },
    { expression: "attribute_not_exists(wantedAt) OR wantedAt < :at", values: { ":at": at.toISOString() } },
  );

/** What was asked for before `at` has been looked at. @returns false where it was asked for again by then */
export const forgetLook = (ledger: Ledger, name: string, at: Date): Promise<boolean> =>
  lookWriter.remove(ledger, key(name), {
    expression: "attribute_not_exists(wantedAt) OR wantedAt < :at",
    values: { ":at": at.toISOString() },
  });

/** What `reconcile` follows by the hour, each in a partition of its own, and nearly always empty. */
export const workKinds = ["activity", "approvals", "usage", "withdrawals", "promotions", "looks"] as const;

export type WorkKind = (typeof workKinds)[number];

const announcement = z.object({ wantedAt: z.iso.datetime() });

const keyOfWork = (work: WorkKind) => keyOf("openWork", { work });

/**
 * Says that there is work of a kind from now on; written before the work itself, so that none is overlooked. The hourly
 * run asks only for what was announced, the full look for everything.
 */
export const announceWork = (ledger: Ledger, work: WorkKind, at: string): Promise<boolean> =>
  openWorkWriter.put(ledger, keyOfWork(work), { wantedAt: at });

const whetherAnnounced = (work: WorkKind): Wanted<boolean> =>
  derived(wanted(keyOfWork(work), announcement), (found) => found !== undefined);

/** What is announced is written within this time, or its function died over it and announces it anew. */
const WRITTEN_MS = 3_600_000;

/** There was none. What was announced in the last hour may not be written yet, and is asked for again. */
export const endWork = (ledger: Ledger, work: WorkKind, now: Date): Promise<boolean> =>
  openWorkWriter.remove(ledger, keyOfWork(work), {
    expression: "wantedAt < :at",
    values: { ":at": new Date(now.getTime() - WRITTEN_MS).toISOString() },
  });
