import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const driftWriter = /* @__PURE__ */ writer("drift");

const told = z.object({
  /** The channel of the difference; absent for what belongs to no channel, such as a key. */
  image: z.string().exactOptional(),
  channel: z.string().exactOptional(),
  /** What differs, and in which region: a parameter, launch permissions, ... */
  what: z.string(),
  /** The difference as text. */
  found: z.string(),
  /** Whether it was corrected; absent in older records. */
  repaired: z.boolean().default(false),
  at: z.iso.datetime(),
});

/** A reported difference, kept until it is gone, so that it is reported once. */
export type ReportedDrift = z.output<typeof told>;

const key = ({ image = "", channel = "", what }: Pick<ReportedDrift, "image" | "channel" | "what">) =>
  keyOf("drift", { image, channel, what });

export const recordDrift = (ledger: Ledger, one: ReportedDrift): Promise<boolean> =>
  driftWriter.put(ledger, key(one), one);

export const listDrift = async (ledger: Ledger): Promise<ReportedDrift[]> =>
  (await query(ledger, below("drift"))).map((item) => told.parse(item));

export const removeDrift = (ledger: Ledger, one: ReportedDrift): Promise<boolean> =>
  driftWriter.remove(ledger, key(one));
