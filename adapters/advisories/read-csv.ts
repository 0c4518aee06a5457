import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { FeedFailure } from "./feed-failure.ts";

/** Characters of one row. */
const LONGEST_ROW = 10_000;

/**
 * Reads CSV that comes in pieces, a row at a time; rows can differ in length.
 * @throws FeedFailure `malformed`, and what `take` throws
 */
export async function readCsv(
  file: string,
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  take: (row: readonly string[]) => void,
): Promise<void> {
  const parser = parse({ relax_column_count: true, max_record_size: LONGEST_ROW });
  await pipeline(pieces, parser, async (rows: AsyncIterable<string[]>) => {
    for await (const row of rows) take(row);
  }).catch((cause: unknown) => {
    if (!(cause instanceof CsvError)) throw cause;
    throw new FeedFailure("malformed", file, `is not CSV (${cause.message})`, { cause });
  });
}
