import { createHash } from "node:crypto";

/**
 * The two settings of every test that can run at more than one size:
 *
 * - `AMINT_PART=3/12` runs the third of twelve parts of the full size. Without it a test runs the size of `npm test`.
 * - `SEED=7` chooses other random input. The default is 1.
 *
 * `npm run test:deep` sets both.
 */
const { AMINT_PART, SEED = "1" } = process.env;

/** One of several parts of equal size. */
export interface Slice {
  /** From 0. */
  readonly index: number;
  readonly of: number;
}

/** Parses `3/12`. */
export function parseSlice(text: string): Slice {
  const [, part, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const slice = { index: Number(part) - 1, of: Number(of) };
  if (!(slice.index >= 0 && slice.index < slice.of)) {
    throw new Error(`"${text}" is not a part. Write the part's number and how many there are, as in 3/12.`);
  }
  return slice;
}

const slice = AMINT_PART === undefined ? undefined : parseSlice(AMINT_PART);

/** The seed of everything random. */
const seed = Number(SEED);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`SEED="${SEED}" is not a whole number from 0.`);

/** Whether this process runs a part of the full size, not the size of `npm test`. */
export const isDeep = slice !== undefined;

/** How many random cases a test runs, and from which seed. */
export interface Size {
  readonly runs: number;
  readonly seed: number;
}

/** More parts than any suite has, so that each part of each seed has a distinct seed. */
const MOST_PARTS = 1_000;

/**
 * The size of a test that runs random cases.
 * @param quick cases in `npm test`
 * @param deep cases in all parts together
 */
export function sizeOf({ quick, deep }: { quick: number; deep: number }): Size {
  if (!slice) return { runs: quick, seed };
  return { runs: Math.ceil(deep / slice.of), seed: seed * MOST_PARTS + slice.index };
}

/**
 * The items that a test runs, in an order that only the seed decides.
 * @param quick how many of them `npm test` runs
 * @param nameOf a unique, stable name of an item
 */
export function chosenOf<Item>(items: readonly Item[], quick: number, nameOf: (item: Item) => string): Item[] {
  const place = new Map(items.map((item) => [item, hash(`${seed} ${nameOf(item)}`)]));
  const ordered = items.toSorted((one, other) => (place.get(one) ?? "").localeCompare(place.get(other) ?? ""));
  return slice ? ordered.filter((_, index) => index % slice.of === slice.index) : ordered.slice(0, quick);
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
