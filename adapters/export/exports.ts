import { type ExportRecord, exportRecord } from "../../core/export/export-record.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { BuildArn } from "../../events/ids.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const exportWriter = /* @__PURE__ */ writer("export");

const key = (build: BuildArn) => keyOf("export", { build });

/** For all images and builds. */
export const listExports = async (ledger: Ledger): Promise<ExportRecord[]> =>
  (await query(ledger, below("export"))).map((item) => exportRecord.parse(item));

/**
 * Writes the record of a build's export, if it has not changed since it was read.
 * @returns the new record; undefined where another invocation has written it meanwhile
 */
export async function saveExport(
  ledger: Ledger,
  next: ExportRecord,
  before: ExportRecord | undefined,
): Promise<ExportRecord | undefined> {
  const written = { ...next, version: (before?.version ?? 0) + 1 };
  const condition = before ? { expression: "version = :version", values: { ":version": before.version } } : absent;
  return (await exportWriter.put(ledger, key(next.build), written, condition)) ? written : undefined;
}
