import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const driftWriter = /* @__PURE__ */ writer("drift");

const told = z.object({
  /** The channel that it was found in; left out where it is not in a channel, such as in a key. */
  image: z.string().exactOptional(),
  channel: z.string().exactOptional(),
  /** What differs: a parameter, or launch permissions, in which region. */
  what: z.string(),
  /** How, in words. */
  found: z.string(),
  /** Whether it was put right; left out by records of before, of which some were. */
  repaired: z.boolean().default(false),
  at: z.iso.datetime(),
});

/** A difference that was reported, until it is gone: it is reported once. */
export type ToldDrift = z.output<typeof told>;

const key = ({ image = "", channel = "", what }: Pick<ToldDrift, "image" | "channel" | "what">) =>
  keyOf("drift", { image, channel, what });

export const recordDrift = (ledger: Ledger, one: ToldDrift): Promise<boolean> => driftWriter.put(ledger, key(one), one);

export const listDrift = async (ledger: Ledger): Promise<ToldDrift[]> =>
  (await query(ledger, below("drift"))).map((item) => told.parse(item));

export const removeDrift = (ledger: Ledger, one: ToldDrift): Promise<boolean> => driftWriter.remove(ledger, key(one));
