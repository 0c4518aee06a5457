import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { read, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";
import { announceWork } from "../repair/looks.ts";

const failedPromotionWriter = /* @__PURE__ */ writer("failedPromotion");
const undoneWriter = /* @__PURE__ */ writer("undone");

const failed = z.object({
  image: z.string(),
  build: buildArn,
  error: z.string(),
  cause: z.string(),
  at: z.iso.datetime(),
  /** What could not be taken back, in words. */
  left: z.array(z.string()),
  /** Whether people were told; one that ended because somebody revoked its build needs no telling, and no undoing. */
  told: z.boolean(),
  /** Which attempt it was; left out of the first. */
  attempt: z.int().min(2).optional(),
  /** Somebody asked for another one since. */
  again: z.object({ attempt: z.int().min(2), by: z.string(), reason: z.string(), at: z.iso.datetime() }).optional(),
});

/** How a promotion ended that did not succeed, and what of it has to be taken back still. */
export type FailedPromotion = z.output<typeof failed>;

const key = (build: BuildArn) => keyOf("failedPromotion", { build });

/** Longer than Step Functions remembers an execution (90 days), so that no promotion is looked at twice. */
const REMEMBERED_SECONDS = 100 * 86_400;

/** Settled: told, and nothing left. It is forgotten some day; what is not settled is not. */
const isSettled = ({ told, left }: FailedPromotion): boolean => told && left.length === 0;

const toItem = (one: FailedPromotion): object =>
  isSettled(one) ? { ...one, expires: Math.floor(Date.parse(one.at) / 1000) + REMEMBERED_SECONDS } : one;

export async function recordFailedPromotion(ledger: Ledger, one: FailedPromotion): Promise<boolean> {
  if (!isSettled(one)) await announceWork(ledger, "promotions", one.at);
  return failedPromotionWriter.put(ledger, key(one.build), toItem(one));
}

/** @returns false where its end was found before */
export async function addFailedPromotion(ledger: Ledger, one: FailedPromotion): Promise<boolean> {
  if (!isSettled(one)) await announceWork(ledger, "promotions", one.at);
  return failedPromotionWriter.put(ledger, key(one.build), toItem(one), absent);
}

export const failedPromotionOf = (build: BuildArn): Wanted<FailedPromotion | undefined> => wanted(key(build), failed);

export const findFailedPromotion = (ledger: Ledger, build: BuildArn): Promise<FailedPromotion | undefined> =>
  read(ledger, failedPromotionOf(build));

/** The attempt that may be under way: the first, unless somebody asked for another. */
export const findAttempt = async (ledger: Ledger, build: BuildArn): Promise<number | undefined> =>
  (await findFailedPromotion(ledger, build))?.again?.attempt;

/** All that are remembered, of all images, with whether something is left to do for them. */
export const listFailedPromotions = async (
  ledger: Ledger,
): Promise<(FailedPromotion & { readonly settled: boolean })[]> =>
  (await query(ledger, below("failedPromotion"))).map((item) => {
    const one = failed.parse(item);
    return { ...one, settled: isSettled(one) };
  });

/**
 * A failed promotion is to run again. The failure stays known, so that nobody takes it back once more; that it was
 * undone is forgotten, so that the build is shared again.
 */
export async function recordAgain(
  ledger: Ledger,
  failed: FailedPromotion,
  again: NonNullable<FailedPromotion["again"]>,
): Promise<void> {
  await recordFailedPromotion(ledger, { ...failed, again });
  await undoneWriter.remove(ledger, keyOf("undone", { build: failed.build }));
}
