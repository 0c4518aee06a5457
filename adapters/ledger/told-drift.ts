import * as z from "zod";
import { type Ledger, put, query, remove } from "./table.ts";

const told = z.object({
  image: z.string(),
  channel: z.string(),
  /** What differs: a parameter, or launch permissions, in which region. */
  what: z.string(),
  /** How, in words. */
  found: z.string(),
  at: z.iso.datetime(),
});

/** A difference that people were told of, until it is gone: it is told once. */
export type ToldDrift = z.output<typeof told>;

const DRIFT = "DRIFT";
const key = ({ image, channel, what }: Omit<ToldDrift, "found" | "at">) => ({
  pk: DRIFT,
  sk: `${image}#${channel}#${what}`,
});

export const recordDrift = (ledger: Ledger, one: ToldDrift): Promise<boolean> => put(ledger, key(one), one);

export const listDrift = async (ledger: Ledger): Promise<ToldDrift[]> =>
  (await query(ledger, DRIFT, "")).map((item) => told.parse(item));

export const removeDrift = (ledger: Ledger, one: ToldDrift): Promise<boolean> => remove(ledger, key(one));
