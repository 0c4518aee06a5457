import * as z from "zod";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { get, type Ledger, put, query, remove } from "./table.ts";

const hold = z.object({
  image: z.string(),
  build: buildArn,
  /** The last day on which it counts, in UTC. */
  until: z.iso.date(),
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
});

/** That somebody wants a build kept. */
export type Hold = z.output<typeof hold>;

const HOLDS = "HOLDS";
const key = (build: BuildArn) => ({ pk: HOLDS, sk: build });

/** One for each build: a later one takes the place of the one before. */
export const recordHold = (ledger: Ledger, one: Hold): Promise<boolean> => put(ledger, key(one.build), one);

/** @returns false where there is none */
export const removeHold = (ledger: Ledger, build: BuildArn): Promise<boolean> =>
  remove(ledger, key(build), { expression: "attribute_exists(pk)" });

/** One that is over, too. */
export async function findHold(ledger: Ledger, build: BuildArn): Promise<Hold | undefined> {
  const item = await get(ledger, key(build));
  return item && hold.parse(item);
}

/** Of all images; those that are over, too. */
export const listHolds = async (ledger: Ledger): Promise<Hold[]> =>
  (await query(ledger, HOLDS, "")).map((item) => hold.parse(item));
