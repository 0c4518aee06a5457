import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { BuildArn } from "../../events/ids.ts";
import { type RemovedThing, removedThing } from "../../events/retirement.ts";
import { itemRead, type LedgerRead, read } from "../ledger/reads.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const removalWriter = /* @__PURE__ */ writer("removal");
const reportedRemovalsWriter = /* @__PURE__ */ writer("reportedRemovals");
const removedWriter = /* @__PURE__ */ writer("removed");

const kept = z.object({ at: z.iso.datetime(), thing: removedThing, told: z.boolean() });

/** A removed thing, with the reason. */
export type KeptRemoval = z.output<typeof kept>;

const key = ({ kind, region, id }: Pick<RemovedThing, "kind" | "region" | "id">) =>
  keyOf("removal", { kind, region, id });
const noticeKey = (day: string) => keyOf("reportedRemovals", { day });
const goneKey = (build: BuildArn) => keyOf("removed", { build });

/** Keeps removals traceable for more than a year. */
const REMEMBERED_SECONDS = 400 * 86_400;
const expiresAfter = (now: Date): number => Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS;

/** Keeps the first record, so that a repeated removal is reported once. */
export const recordRemoval = (
  ledger: Ledger,
  thing: RemovedThing,
  now: Date,
  { told = false }: { readonly told?: boolean } = {},
): Promise<boolean> =>
  removalWriter.put(ledger, key(thing), { at: now.toISOString(), thing, told, expires: expiresAfter(now) }, absent);

/** The ids of all removed things of a kind and region, with one query for all. */
export async function readRemoved(
  ledger: Ledger,
): Promise<(of: Pick<RemovedThing, "kind" | "region">) => ReadonlySet<string>> {
  const things = (await query(ledger, below("removal"))).map((item) => kept.parse(item).thing);
  return ({ kind, region }) =>
    new Set(things.flatMap((one) => (one.kind === kind && one.region === region ? [one.id] : [])));
}

export const listUnreported = async (ledger: Ledger): Promise<KeptRemoval[]> =>
  (await query(ledger, below("removal"))).map((item) => kept.parse(item)).filter(({ told }) => !told);

export async function recordAllReported(ledger: Ledger, removals: readonly KeptRemoval[]): Promise<void> {
  for (const { thing } of removals) await removalWriter.set(ledger, key(thing), { told: true });
}

/** @param day such as `2026-04-29`. @returns false where that day's notice was already sent */
export const claimNotice = (ledger: Ledger, day: string, now: Date): Promise<boolean> =>
  reportedRemovalsWriter.put(ledger, noticeKey(day), { expires: expiresAfter(now) }, absent);

/** Blocks promotion of the build: its AMIs are about to be removed. */
export const recordGone = (ledger: Ledger, build: BuildArn, why: string, now: Date): Promise<boolean> =>
  removedWriter.put(ledger, goneKey(build), { at: now.toISOString(), why }, absent);

/** Allows promotion of the build again. */
export const removeGone = (ledger: Ledger, build: BuildArn): Promise<boolean> =>
  removedWriter.remove(ledger, goneKey(build));

const gone = z.object({ at: z.iso.datetime(), why: z.string() });

/** When and why a build's AMIs were removed, or began to be. */
export const goneOf = (build: BuildArn): LedgerRead<z.output<typeof gone> | undefined> =>
  itemRead(goneKey(build), gone);

/** All builds with such a record, with one query. */
export const listGone = async (ledger: Ledger): Promise<ReadonlySet<string>> =>
  new Set((await query(ledger, below("removed"))).map(({ sk }) => String(sk)));

export const findGone = (ledger: Ledger, build: BuildArn): Promise<z.output<typeof gone> | undefined> =>
  read(ledger, goneOf(build));
