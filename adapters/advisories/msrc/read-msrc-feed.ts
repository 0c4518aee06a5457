import { createHash } from "node:crypto";
import * as z from "zod";
import type { MsrcFeed } from "../../../core/advisories/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { ReadFeed } from "../feed-reading.ts";
import { type Bounds, fetchIndex, fetchPieces } from "../fetch-file.ts";
import { parseJson } from "../parse-json.ts";
import { refuseOlder } from "../refuse-older.ts";
import { MsrcUpdates } from "./msrc-updates.ts";

/**
 * Updates are cumulative: the newest month includes older fixes. Older months matter for CVEs that have been exploited
 * since.
 */
const MONTHS = 3;

const time = z.string().refine((text) => Number.isFinite(Date.parse(withZone(text))), { error: "not a time" });

/** Times without a zone are in UTC. */
const withZone = (text: string): string => (/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);

/** `2026-Nov`; other documents describe one vulnerability, or older releases. */
const MONTH = /^(\d{4})-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/;
const NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const updates = z.object({
  value: z
    .array(z.object({ ID: z.string(), InitialReleaseDate: time, CurrentReleaseDate: time }))
    .min(1)
    .max(10_000),
});

/**
 * Reads `updates` and, where a month was added or revised, the last three months of about 20 MB each. All or nothing,
 * except that a month listed before its day may be missing.
 */
export const readMsrcFeed: ReadFeed<MsrcFeed> = async (feed, options) => {
  const { known, now, probe, notBefore } = options;
  // Without this header, the API responds with XML.
  const bounds: Bounds = { ...options.bounds, accept: "application/json" };
  const { url } = feed;
  const index = await fetchIndex(url, bounds, known?.url === url ? known : undefined);
  if (!index) return { kind: "unchanged" };
  const { bytes, ...validators } = index;
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (known?.digest === digest) return { kind: "unchanged" };
  const months = parseJson(url, bytes, updates, bounds.limits)
    .value.flatMap(({ ID, InitialReleaseDate, CurrentReleaseDate }) => {
      const [, year, name = ""] = MONTH.exec(ID) ?? [];
      const [first, at] = [InitialReleaseDate, CurrentReleaseDate].map((text) => Date.parse(withZone(text)));
      return year ? [{ id: ID, nth: Number(year) * 12 + NAMES.indexOf(name), first: first ?? 0, at: at ?? 0 }] : [];
    })
    .toSorted((a, b) => b.nth - a.nth);
  if (months.length === 0) throw new FeedFailure("truncated", url, 'lists no month such as "2026-Nov"');
  const at = months.reduce((newest, month) => Math.max(newest, month.at), 0);
  refuseOlder(url, at, notBefore);
  if (probe) return { kind: "changed" };
  const updatesRead = new MsrcUpdates(feed, bounds.limits);
  for (const { id, first } of months.slice(0, MONTHS)) {
    await readMonth(feed, id, bounds, isBefore(first, now), updatesRead);
  }
  const advisories = options.interested(feed.name) ? updatesRead.advisories() : [];
  return { kind: "read", revision: { url, digest, at, ...validators }, advisories };
};

/** Documents are published in the course of the day. */
const isBefore = (first: number, now: number): boolean => now < first + 86_400_000;

async function readMonth(
  feed: MsrcFeed,
  id: string,
  bounds: Bounds,
  mayBeMissing: boolean,
  into: MsrcUpdates,
): Promise<void> {
  const file = new URL(`cvrf/${id}`, feed.url).href;
  const fetched = await fetchPieces(file, bounds, bounds.limits.packed).catch((error: unknown) => {
    if (mayBeMissing && error instanceof FeedFailure && error.status === 404) return undefined;
    throw error;
  });
  if (fetched) await into.read(file, fetched.pieces);
}
