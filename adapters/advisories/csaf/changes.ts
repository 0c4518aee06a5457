import { FeedFailure } from "../feed-failure.ts";
import { type Bounds, fetchIndex, type Validators } from "../fetch-file.ts";
import { readCsv } from "../read-csv.ts";

/** A document with its last change, in milliseconds since 1970. */
export interface Change {
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
export async function readChanges(
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
