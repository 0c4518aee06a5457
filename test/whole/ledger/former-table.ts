import { readFileSync } from "node:fs";

export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

/**
 * A ledger table from before each kind of record had its own partition, at 06:45 on the 17th of the example's
 * month: one promotion waits for approval, one build is under way, and a request waits for its end. Captured from a run of
 * commit 155540f; the records of two of the four images are left out. Never edited by hand.
 */
export const formerTable: readonly Item[] = readFileSync(
  new URL("former-table/2026-04-17.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line): Item => JSON.parse(line));
