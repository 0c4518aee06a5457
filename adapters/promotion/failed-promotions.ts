import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { itemRead, type LedgerRead, read } from "../ledger/reads.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { announceWork } from "../repair/drift-checks.ts";

const failedPromotionWriter = /* @__PURE__ */ writer("failedPromotion");
const undoneWriter = /* @__PURE__ */ writer("undone");

const failed = z.object({
  image: z.string(),
  build: buildArn,
  error: z.string(),
  cause: z.string(),
  at: z.iso.datetime(),
  /** What could not be undone, as text. */
  left: z.array(z.string()),
  /** Whether it was reported; a promotion that its build's revocation ended needs no report and no undo. */
  told: z.boolean(),
  /** The number of the attempt that failed; absent for the first. */
  attempt: z.int().min(2).optional(),
  /** Another attempt has been requested. */
  again: z.object({ attempt: z.int().min(2), by: z.string(), reason: z.string(), at: z.iso.datetime() }).optional(),
});

/** A failed promotion, and what remains to be undone; or one that did not fail, but was restarted as an urgent one. */
export type FailedPromotion = z.output<typeof failed>;

const key = (build: BuildArn) => keyOf("failedPromotion", { build });

/** The error of a promotion that was stopped to start again as an urgent one. */
export const RESTARTED = "Restarted";

/** Longer than Step Functions keeps an execution (90 days), so that no promotion is examined twice. */
const REMEMBERED_SECONDS = 100 * 86_400;

/** Reported and fully undone. Settled records expire; others do not. */
const isSettled = ({ told, left }: FailedPromotion): boolean => told && left.length === 0;

const toItem = (one: FailedPromotion): object =>
  isSettled(one) ? { ...one, expires: Math.floor(Date.parse(one.at) / 1000) + REMEMBERED_SECONDS } : one;

export async function recordFailedPromotion(ledger: Ledger, one: FailedPromotion): Promise<boolean> {
  if (!isSettled(one)) await announceWork(ledger, "failures", one.at);
  return failedPromotionWriter.put(ledger, key(one.build), toItem(one));
}

/** @returns false where it is already recorded */
export async function addFailedPromotion(ledger: Ledger, one: FailedPromotion): Promise<boolean> {
  if (!isSettled(one)) await announceWork(ledger, "failures", one.at);
  return failedPromotionWriter.put(ledger, key(one.build), toItem(one), absent);
}

export const failedPromotionOf = (build: BuildArn): LedgerRead<FailedPromotion | undefined> =>
  itemRead(key(build), failed);

export const findFailedPromotion = (ledger: Ledger, build: BuildArn): Promise<FailedPromotion | undefined> =>
  read(ledger, failedPromotionOf(build));

/** The latest requested attempt; undefined: the first. */
export const findAttempt = async (ledger: Ledger, build: BuildArn): Promise<number | undefined> =>
  (await findFailedPromotion(ledger, build))?.again?.attempt;

/** All records of all images, and whether each is settled. */
export const listFailedPromotions = async (
  ledger: Ledger,
): Promise<(FailedPromotion & { readonly settled: boolean })[]> =>
  (await query(ledger, below("failedPromotion"))).map((item) => {
    const one = failed.parse(item);
    return { ...one, settled: isSettled(one) };
  });

/**
 * Records that a failed promotion runs again. The failure stays, so that it is not undone again; the record of the undo
 * is deleted, so that the build can be shared.
 */
export async function recordAgain(
  ledger: Ledger,
  failed: FailedPromotion,
  again: NonNullable<FailedPromotion["again"]>,
): Promise<void> {
  await recordFailedPromotion(ledger, { ...failed, again });
  await undoneWriter.remove(ledger, keyOf("undone", { build: failed.build }));
}
