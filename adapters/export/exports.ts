import { type ExportRecord, exportRecord } from "../../core/export/export-record.ts";
import type { BuildArn } from "../../events/ids.ts";
import { below, keyOf } from "../ledger/kinds.ts";
import { absent, type Ledger, put, query } from "../ledger/table.ts";

const key = (build: BuildArn) => keyOf("export", { build });

/** Of all images and builds. */
export const listExports = async (ledger: Ledger): Promise<ExportRecord[]> =>
  (await query(ledger, below("export"))).map((item) => exportRecord.parse(item));

/**
 * Writes the record of a build's export, in the place of the one that was read.
 * @returns it as it is now; undefined where somebody else wrote meanwhile
 */
export async function saveExport(
  ledger: Ledger,
  next: ExportRecord,
  before: ExportRecord | undefined,
): Promise<ExportRecord | undefined> {
  const written = { ...next, version: (before?.version ?? 0) + 1 };
  const condition = before ? { expression: "version = :version", values: { ":version": before.version } } : absent;
  return (await put(ledger, key(next.build), written, condition)) ? written : undefined;
}
