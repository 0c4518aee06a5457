import { type Waiver, waiverSchema } from "../../core/factory/gate-schema.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { absent, type Ledger, present, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const waiverWriter = /* @__PURE__ */ writer("waiver");
const reportedWaiverWriter = /* @__PURE__ */ writer("reportedWaiver");

const key = ({ image, finding }: Pick<Waiver, "image" | "finding">) => keyOf("waiver", { image, finding });

/** Waivers from the CLI, without those of the config. */
export async function listWaivers(ledger: Ledger): Promise<Waiver[]> {
  return (await query(ledger, below("waiver"))).map(({ finding, image, owner, reason, until }) =>
    waiverSchema.parse({ finding, image, owner, reason, until }),
  );
}

/** One per finding and image: a later one replaces it. */
export const recordWaiver = (
  ledger: Ledger,
  waiver: Waiver,
  given: { readonly by: string; readonly at: string },
): Promise<boolean> => waiverWriter.put(ledger, key(waiver), { ...waiver, ...given });

/** @returns false where none exists */
export const removeWaiver = (ledger: Ledger, waiver: Pick<Waiver, "image" | "finding">): Promise<boolean> =>
  waiverWriter.remove(ledger, key(waiver), present);

/** A waiver with a new end is reported again. */
const ending = ({ image, finding, until }: Waiver) => keyOf("reportedWaiver", { until, image, finding });

/** The endings that were already reported. */
export async function findReportedEndings(ledger: Ledger): Promise<(waiver: Waiver) => boolean> {
  const told = new Set((await query(ledger, below("reportedWaiver"))).map(({ sk }) => String(sk)));
  return (waiver) => told.has(ending(waiver).sk);
}

/** How long it is kept; DynamoDB deletes it within days after that. */
const REMEMBERED_SECONDS = 30 * 86_400;

export const recordReportedEnding = (ledger: Ledger, waiver: Waiver): Promise<boolean> =>
  reportedWaiverWriter.put(
    ledger,
    ending(waiver),
    { expires: Math.floor(Date.parse(waiver.until) / 1000) + REMEMBERED_SECONDS },
    absent,
  );
