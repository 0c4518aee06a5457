import * as z from "zod";
import { below, keyOf, partitionOf } from "../../core/ledger/kinds.ts";
import { artifactId } from "../../events/ids.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const consumersWriter = /* @__PURE__ */ writer("grants");

const tried = z.object({
  account: z.string(),
  /** What was written there, by region; for copies of parameters. */
  amis: z.record(z.string(), artifactId).default({}),
  /** Why it did not succeed the last time. */
  failed: z.string().optional(),
  /** Since when it does not. */
  failingSince: z.iso.datetime().optional(),
  /** People were told of this failure. */
  told: z.boolean().default(false),
});

/** What was last done in a consumer's account, and what came of it. */
export type ConsumerTry = z.output<typeof tried>;

/** What is done in accounts: grants for Auto Scaling, or copies of one channel's parameter. */
export type ConsumerWork = "grants" | { readonly image: string; readonly channel: string };

const belowWork = (work: ConsumerWork) => (work === "grants" ? below("grants") : below("mirror", work));
const key = (work: ConsumerWork, account: string) =>
  work === "grants" ? keyOf("grants", { account }) : keyOf("mirror", { ...work, account });

export const listTries = async (ledger: Ledger, work: ConsumerWork): Promise<ConsumerTry[]> =>
  (await query(ledger, belowWork(work))).map((item) => tried.parse(item));

/** What was done for everything at once, with one query: it is looked at each hour, and mostly nothing is to be done. */
export async function readTries(ledger: Ledger): Promise<(work: ConsumerWork) => ConsumerTry[]> {
  const items = await query(ledger, partitionOf("mirror"));
  return (work) =>
    items.filter(({ sk }) => String(sk).startsWith(belowWork(work).prefix)).map((item) => tried.parse(item));
}

export const recordTry = (ledger: Ledger, work: ConsumerWork, one: ConsumerTry): Promise<boolean> =>
  consumersWriter.put(ledger, key(work, one.account), one);

/** Nothing is left to be known of an account. */
export const forgetTry = (ledger: Ledger, work: ConsumerWork, account: string): Promise<boolean> =>
  consumersWriter.remove(ledger, key(work, account));
