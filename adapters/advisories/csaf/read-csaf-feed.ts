import { createHash } from "node:crypto";
import type { Advisory, CsafFeed } from "../../../core/advisories/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { ReadFeed } from "../feed-reading.ts";
import { type Bounds, fetchIndex, fetchPieces, type Validators } from "../fetch-file.ts";
import { KeptText } from "../kept-text.ts";
import { verifySignature } from "../openpgp/verify-signature.ts";
import { readCsv } from "../read-csv.ts";
import { refuseOlder } from "../refuse-older.ts";
import { readCsafDocument } from "./csaf-reader.ts";

/** How far back the first read goes. */
const FIRST_DAYS_MS = 14 * 86_400_000;

/** Documents may be listed some time after their change. */
const OVERLAP_MS = 2 * 3_600_000;

/** Red Hat changes about 700 a week, and many more after a rebuild of all documents. */
const MOST_DOCUMENTS = 5_000;
const AT_ONCE = 4;

/**
 * Reads `changes.csv` and the documents that changed since the last read; at first, those of the last two weeks. All or
 * nothing: an unreadable document fails the feed.
 */
export const readCsafFeed: ReadFeed<CsafFeed> = async (feed, options) => {
  const { known, bounds, now, probe, notBefore, since = now - FIRST_DAYS_MS } = options;
  const { url, documents } = feed;
  const listed = await readChanges(url, documents, bounds, known?.url === url ? known : undefined);
  if (!listed) return { kind: "unchanged" };
  const { bytes, changes, ...validators } = listed;
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (known?.digest === digest) return { kind: "unchanged" };
  const at = changes[0]?.at ?? 0;
  refuseOlder(url, at, notBefore);
  if (probe) return { kind: "changed" };
  const wanted = changes.filter((one) => one.at > since - OVERLAP_MS);
  if (wanted.length > MOST_DOCUMENTS) {
    const from = new Date(since).toISOString();
    throw new FeedFailure(
      "too-large",
      url,
      `lists ${wanted.length} documents that changed since ${from}, more than ${MOST_DOCUMENTS}`,
    );
  }
  const kept = new KeptText(url, bounds.limits.kept);
  const read = new Map<string, Advisory | undefined>();
  const waiting = [...wanted];
  const readOneByOne = async () => {
    for (let change = waiting.shift(); change; change = waiting.shift()) {
      try {
        const { id, advisory } = await readDocument(feed, change, options.interested, bounds, kept, now);
        if (read.has(id)) throw new FeedFailure("malformed", url, `lists two documents of ${id}`);
        read.set(id, advisory);
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readOneByOne));
  return {
    kind: "read",
    revision: { url, digest, at, ...validators },
    advisories: [...read.values()].flatMap((advisory) => advisory ?? []),
    anew: new Set(read.keys()),
  };
};

async function readDocument(
  feed: CsafFeed,
  { path }: Change,
  interested: (packageName: string) => boolean,
  bounds: Bounds,
  kept: KeptText,
  now: number,
) {
  const file = new URL(path, feed.url).href;
  const { pieces } = (await fetchPieces(file, bounds, bounds.limits.answer)) ?? { pieces: [] };
  if (feed.keys.length > 0) {
    const signature = await fetchIndex(`${file}.asc`, bounds, undefined, bounds.limits.signature);
    const signed = { data: Buffer.concat(pieces), signature: signature?.bytes.toString("latin1") ?? "" };
    verifySignature(file, signed, feed.keys, now);
  }
  return readCsafDocument(file, pieces, feed, interested, bounds.limits, kept);
}

/** A document with its last change, in milliseconds since 1970. */
interface Change {
  /** Relative to the folder of `changes.csv`. */
  readonly path: string;
  readonly at: number;
}

/** `2026/rhsa-2026_1234.json`, `suse-su-2026_1234-1.json`. */
const PATH = /^(?:\d{4}\/)?[a-z][\w.-]*\.json$/i;

/**
 * Reads `changes.csv` (OASIS CSAF 2.0, 7.1.13): documents with the times of their last changes, not always sorted.
 * @param documents name prefix of wanted documents
 * @returns undefined where it has not changed since `known`
 * @throws FeedFailure
 */
async function readChanges(
  url: string,
  documents: string,
  bounds: Bounds,
  known: Validators | undefined,
): Promise<(Validators & { readonly bytes: Buffer; readonly changes: readonly Change[] }) | undefined> {
  const fetched = await fetchIndex(url, bounds, known);
  if (!fetched) return undefined;
  const changes: Change[] = [];
  let rows = 0;
  await readCsv(url, [fetched.bytes], ([path = "", time = ""]) => {
    rows += 1;
    const at = Date.parse(time);
    if (!PATH.test(path) || !Number.isFinite(at)) {
      const valid = '"2026/rhsa-2026_1234.json","2026-11-20T12:00:00+00:00"';
      throw new FeedFailure("malformed", url, `row ${rows} is "${`${path},${time}`.slice(0, 200)}", not as ${valid}`);
    }
    if (path.slice(path.indexOf("/") + 1).startsWith(documents)) changes.push({ path, at });
  });
  if (changes.length === 0) throw new FeedFailure("truncated", url, `lists no document ${documents}*.json`);
  // A document's last change counts.
  const byPath = new Map(changes.toSorted((a, b) => a.at - b.at).map((one) => [one.path, one]));
  return { ...fetched, changes: [...byPath.values()].toSorted((a, b) => b.at - a.at) };
}
