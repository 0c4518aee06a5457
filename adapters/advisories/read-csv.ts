import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import { FeedFailure } from "./feed-failure.ts";

/** Characters per row. */
const LONGEST_ROW = 10_000;

/**
 * Reads CSV as a stream, row by row; rows may differ in length.
 * @throws FeedFailure `malformed`, and errors of `take`
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
