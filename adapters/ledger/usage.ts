import * as z from "zod";
import { amiId, buildArn } from "../../events/ids.ts";
import { announceWork } from "./open-work.ts";
import { absent, type Ledger, put, query, remove } from "./table.ts";

const asked = z.object({
  image: z.string(),
  build: buildArn,
  /** When EC2 was asked. */
  askedAt: z.iso.datetime(),
  reports: z.array(z.object({ region: z.string(), amiId, report: z.string() })),
});

/** That somebody wants to know who uses a build's AMIs, until people were told. */
export type AskedUsage = z.output<typeof asked>;

const USAGE = "USAGE";
const key = ({ build }: Pick<AskedUsage, "build">) => ({ pk: USAGE, sk: build });

/** The first one's reports count. */
export async function recordAskedUsage(ledger: Ledger, usage: AskedUsage): Promise<boolean> {
  await announceWork(ledger, "usage", usage.askedAt);
  return put(ledger, key(usage), usage, absent);
}

export const listAskedUsage = async (ledger: Ledger): Promise<AskedUsage[]> =>
  (await query(ledger, USAGE, "")).map((item) => asked.parse(item));

export const removeAskedUsage = (ledger: Ledger, usage: AskedUsage): Promise<boolean> => remove(ledger, key(usage));
