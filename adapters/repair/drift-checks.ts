import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { RolloutRecord } from "../../core/rollout/records.ts";
import { itemRead, type LedgerRead, listRead, mapRead, read, readBatch } from "../ledger/reads.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { type ChannelOf, rolloutOf } from "../rollout/rollouts.ts";

const driftCheckWriter = /* @__PURE__ */ writer("driftCheck");
const openWorkWriter = /* @__PURE__ */ writer("openWork");

const driftCheck = z.object({
  /** When the last finished check began. */
  lookedAt: z.iso.datetime().optional(),
  /** When accounts were last compared with the organization as it was read at `lookedAt`, if later. */
  followedAt: z.iso.datetime().optional(),
  /** The latest end of a running check; a crashed one expires then. */
  lookingUntil: z.iso.datetime().optional(),
  /** Since when a check is requested that could not run at once. */
  wantedAt: z.iso.datetime().optional(),
});

/** The last comparison of a published item with AWS that an event caused, and whether another is requested. */
export type DriftCheckRecord = z.output<typeof driftCheck>;

const key = (name: string) => keyOf("driftCheck", { name });

/** A full check runs at least weekly; after that, a partial check no longer matters. */
const KEPT_SECONDS = 8 * 86_400;

const expires = (at: Date): number => Math.floor(at.getTime() / 1000) + KEPT_SECONDS;

/** The full check; and the last read of the organization, with what depends on it. */
export const FULL = "FULL";

export const ORGANIZATION = "ORGANIZATION";

const driftCheckOf = (name: string): LedgerRead<DriftCheckRecord | undefined> => itemRead(key(name), driftCheck);

export const findDriftCheck = (ledger: Ledger, name: string): Promise<DriftCheckRecord | undefined> =>
  read(ledger, driftCheckOf(name));

/** These checks by name, the announced kinds of work, and the newest roll-outs of channels, in one call. */
export async function readAnnounced(
  ledger: Ledger,
  names: readonly string[],
  channels: readonly ChannelOf[],
): Promise<{
  readonly work: ReadonlySet<WorkKind>;
  readonly checks: ReadonlyMap<string, DriftCheckRecord>;
  /** In the order of the channels. */
  readonly rollouts: readonly (RolloutRecord | undefined)[];
}> {
  const [work, checks, rollouts] = await readBatch(ledger, [
    listRead(workKinds.map(whetherAnnounced)),
    listRead(names.map(driftCheckOf)),
    listRead(channels.map(rolloutOf)),
  ]);
  return {
    work: new Set(workKinds.filter((_, n) => work[n])),
    checks: new Map(
      names.flatMap((name, n) => {
        const one = checks[n];
        return one ? [[name, one]] : [];
      }),
    ),
    rollouts,
  };
}

/** All of them, by name. */
export const listDriftChecks = async (ledger: Ledger): Promise<ReadonlyMap<string, DriftCheckRecord>> =>
  new Map((await query(ledger, below("driftCheck"))).map((item) => [String(item.sk), driftCheck.parse(item)]));

/** The maximum duration of a check. */
const CHECKING_MS = 15 * 60_000;

/** Begins a check. @returns false where another one is running */
export const beginDriftCheck = (ledger: Ledger, name: string, now: Date): Promise<boolean> =>
  driftCheckWriter.set(
    ledger,
    key(name),
    { lookingUntil: new Date(now.getTime() + CHECKING_MS).toISOString(), expires: expires(now) },
    {
      expression: "attribute_not_exists(lookingUntil) OR lookingUntil < :now",
      values: { ":now": now.toISOString() },
    },
  );

/** Requests a check in the next hour. */
export async function requestDriftCheck(ledger: Ledger, name: string, now: Date): Promise<void> {
  await announceWork(ledger, "looks", now.toISOString());
  await driftCheckWriter.set(ledger, key(name), { wantedAt: now.toISOString(), expires: expires(now) });
}

/**
 * Records that the check that began at `at` is complete, which also answers earlier requests.
 * @param again request another one in the next hour
 * @param readAt when the organization was read, if it was not read again
 */
export const recordDriftCheck = (
  ledger: Ledger,
  name: string,
  at: Date,
  { again = false, readAt }: { readonly again?: boolean; readonly readAt?: string | undefined } = {},
): Promise<boolean> =>
  driftCheckWriter.put(
    ledger,
    key(name),
    {
      lookedAt: readAt ?? at.toISOString(),
      ...(readAt !== undefined && { followedAt: at.toISOString() }),
      ...(again && { wantedAt: at.toISOString() }),
      // These two never expire.
      ...(name !== FULL && name !== ORGANIZATION && { expires: expires(at) }),
    },
    { expression: "attribute_not_exists(wantedAt) OR wantedAt < :at", values: { ":at": at.toISOString() } },
  );

/** Removes a request from before `at`. @returns false where a later request exists */
export const removeDriftCheck = (ledger: Ledger, name: string, at: Date): Promise<boolean> =>
  driftCheckWriter.remove(ledger, key(name), {
    expression: "attribute_not_exists(wantedAt) OR wantedAt < :at",
    values: { ":at": at.toISOString() },
  });

/** The kinds of work that `reconcile` follows hourly, each in its own partition, nearly always empty. */
export const workKinds = [
  "activity",
  "approvals",
  "answers",
  "usage",
  "withdrawals",
  "promotions",
  "failures",
  "looks",
  "exposure",
] as const;

export type WorkKind = (typeof workKinds)[number];

const announcement = z.object({ wantedAt: z.iso.datetime() });

const keyOfWork = (work: WorkKind) => keyOf("openWork", { work });

/**
 * Announces a kind of work; written before the work itself, so that none is overlooked. The hourly run reads only
 * announced kinds, the full check all.
 */
export const announceWork = (ledger: Ledger, work: WorkKind, at: string): Promise<boolean> =>
  openWorkWriter.put(ledger, keyOfWork(work), { wantedAt: at });

const whetherAnnounced = (work: WorkKind): LedgerRead<boolean> =>
  mapRead(itemRead(keyOfWork(work), announcement), (found) => found !== undefined);

/** The announced work is recorded within this time, or its function crashed and announces it again. */
const WRITTEN_MS = 3_600_000;

/**
 * Removes an announcement without work. Work that was announced in the last hour may not be recorded yet, so it is
 * checked again.
 */
export const endWork = (ledger: Ledger, work: WorkKind, now: Date): Promise<boolean> =>
  openWorkWriter.remove(ledger, keyOfWork(work), {
    expression: "wantedAt < :at",
    values: { ":at": new Date(now.getTime() - WRITTEN_MS).toISOString() },
  });
