import type { BuildArn } from "../../events/ids.ts";
import type { ExportRecord } from "./export-record.ts";
import type { ExportFormat } from "./formats.ts";

/** A build that a channel with exports points at. */
export interface WantedExport {
  readonly image: string;
  readonly channel: string;
  readonly build: BuildArn;
  readonly amiId: string;
  readonly formats: readonly ExportFormat[];
}

/** Attempts before an export fails and the team is notified. */
const MOST_TRIES = 3;

export type ExportDecision = "begin" | "advance" | "remove" | "leave";

export interface ExportFacts {
  readonly record: ExportRecord | undefined;
  /** Undefined if no channel with exports points at the build now. */
  readonly wanted: WantedExport | undefined;
  /** The build was revoked, or its AMIs are being removed. */
  readonly withdrawn: boolean;
  /** The channel left the build because its promotion failed and was undone. */
  readonly undone: boolean;
  /** An operator requested another attempt. */
  readonly again: boolean;
}

/**
 * Decides the next step of a build's export. A build is exported while its channel points at it. Finished files are kept
 * when the channel moves on, and removed with the build.
 */
export function decideExport({ record, wanted, withdrawn: isGone, undone, again }: ExportFacts): ExportDecision {
  const state = record?.state;
  if (state === "removing") return "remove";
  if (isGone) return state === undefined || state === "removed" ? "leave" : "remove";
  if (!record || state === "removed") return wanted ? "begin" : "leave";
  // The channel no longer points at it: an unfinished export is not needed.
  if (!wanted) return state === "ready" && !undone ? (record.told ? "leave" : "advance") : "remove";
  if (state === "under-way") return "advance";
  const lacking = wanted.formats.some((format) => !record.formats.includes(format));
  if (state === "ready") return lacking ? "begin" : record.told ? "leave" : "advance";
  if (!record.told) return "advance";
  return again || lacking ? "begin" : "leave";
}

/** The record of a new attempt. Finished files are kept. */
export function beginExport(wanted: WantedExport, before: ExportRecord | undefined, now: Date): ExportRecord {
  const { image, channel, build, formats } = wanted;
  const kept = before?.state === "removed" ? {} : (before?.files ?? {});
  const ready = Object.entries(kept).filter(([, file]) => file.kept);
  return {
    image,
    channel,
    build,
    amiId: wanted.amiId as ExportRecord["amiId"],
    formats: [...formats],
    state: "under-way",
    attempt: (before?.attempt ?? 0) + 1,
    tries: 1,
    since: now.toISOString(),
    files: Object.fromEntries(ready),
    version: before?.version ?? 1,
  };
}

/** The record after a failed attempt: another attempt, or the final failure, which is notified. Finished files are kept. */
export function failExport(record: ExportRecord, failure: string): ExportRecord {
  const files = Object.fromEntries(Object.entries(record.files).filter(([, file]) => file.kept));
  const last = record.tries >= MOST_TRIES;
  return {
    ...record,
    files,
    failure,
    ...(last ? { state: "failed" } : { attempt: record.attempt + 1, tries: record.tries + 1 }),
  };
}
