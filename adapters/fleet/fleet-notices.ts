import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { buildArn } from "../../events/ids.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const reportedFleetWriter = /* @__PURE__ */ writer("reportedFleet");
const reportedFleetImageWriter = /* @__PURE__ */ writer("reportedFleetImage");
const reportedFleetDoneWriter = /* @__PURE__ */ writer("reportedFleetDone");

const asked = z.object({
  askedAt: z.iso.datetime(),
  refused: z.array(z.object({ build: buildArn, region: z.string(), why: z.string() })),
});

/** The reports requested for a month's notice, and EC2's refusals. */
export type AskedFleet = z.output<typeof asked>;

/** An item holds 400 KB. */
const MOST_REFUSALS = 500;
const LONGEST_REASON = 500;
const REMEMBERED_SECONDS = 100 * 86_400;
const expiresAfter = (now: Date): number => Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS;

/**
 * The progress of a month's fleet notice; undefined where no reports were requested for it.
 * @param month such as `2026-04`
 */
export async function findFleetNotice(
  ledger: Ledger,
  month: string,
): Promise<(AskedFleet & { readonly done: boolean; readonly images: ReadonlySet<string> }) | undefined> {
  const items = new Map(
    (await query(ledger, below("reportedFleet", { month }))).map((item) => [String(item.sk), item]),
  );
  const first = items.get(month);
  if (!first) return undefined;
  const { prefix } = below("reportedFleetImage", { month });
  const images = [...items.keys()].flatMap((sk) => (sk.startsWith(prefix) ? [sk.slice(prefix.length)] : []));
  return { ...asked.parse(first), done: items.has(keyOf("reportedFleetDone", { month }).sk), images: new Set(images) };
}

/** Keeps the first request. */
export const recordAskedFleet = (
  ledger: Ledger,
  month: string,
  { askedAt, refused }: AskedFleet,
  now: Date,
): Promise<boolean> => {
  const kept = refused.slice(0, MOST_REFUSALS).map((one) => ({ ...one, why: one.why.slice(0, LONGEST_REASON) }));
  return reportedFleetWriter.put(
    ledger,
    keyOf("reportedFleet", { month }),
    { askedAt, refused: kept, expires: expiresAfter(now) },
    absent,
  );
};

/** Records that an image's notice was sent. */
export const recordFleetReported = (ledger: Ledger, month: string, image: string, now: Date): Promise<boolean> =>
  reportedFleetImageWriter.put(ledger, keyOf("reportedFleetImage", { month, image }), {
    at: now.toISOString(),
    expires: expiresAfter(now),
  });

/** Records that all notices of the month were sent. */
export const recordFleetDone = (ledger: Ledger, month: string, now: Date): Promise<boolean> =>
  reportedFleetDoneWriter.put(ledger, keyOf("reportedFleetDone", { month }), {
    at: now.toISOString(),
    expires: expiresAfter(now),
  });
