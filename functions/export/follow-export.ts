import { EC2Client } from "@aws-sdk/client-ec2";
import { putEvent } from "../../adapters/bus.ts";
import { ExportFailure } from "../../adapters/export/copy-disk.ts";
import { cancelTask, removePlain } from "../../adapters/export/export-tasks.ts";
import { saveExport } from "../../adapters/export/exports.ts";
import { beginExport, type ExportDecision, type ExportFacts, failExport } from "../../core/export/decide-export.ts";
import { type ExportRecord, isCleared, plainName } from "../../core/export/export-record.ts";
import { exportFailed, exportReady } from "../../events/export.ts";
import { advanceExport, removeFiles } from "./advance-export.ts";
import type { ExportInvocation } from "./export-env.ts";

/** The function's maximum run time, while no other invocation works on the export. Milliseconds. */
const CLAIM_MS = 15 * 60_000;

/** No further step starts after this time, so that the last one can finish. */
const WORK_MS = 11 * 60_000;

/**
 * Carries out the decision about an export until it has to wait for AWS or its time is over. After a crash, another
 * invocation continues when the claim has expired. @returns the number of steps
 */
export async function followExport(
  facts: ExportFacts,
  decision: ExportDecision,
  invocation: ExportInvocation,
): Promise<number> {
  const claimed = await claim(facts, decision, invocation);
  if (!claimed) return 0;
  const end = Date.now() + WORK_MS;
  const isOver = () => Date.now() >= end;
  let record = claimed;
  let steps = 0;
  try {
    while (!isOver()) {
      const next = await nextRecord(record, { ...invocation, isOver });
      if (!next) break;
      const saved = await saveExport(invocation.ledger, next, record);
      // Another invocation took over after the claim had expired.
      if (!saved) return steps;
      record = saved;
      steps += 1;
    }
  } finally {
    const { claimedUntil: _, ...free } = record;
    await saveExport(invocation.ledger, free, record);
  }
  return steps;
}

async function claim({ record, wanted }: ExportFacts, decision: ExportDecision, { ledger, now }: ExportInvocation) {
  if (record?.claimedUntil && Date.parse(record.claimedUntil) > now.getTime()) return undefined;
  const claimedUntil = new Date(now.getTime() + CLAIM_MS).toISOString();
  if (decision === "begin" && wanted)
    return saveExport(ledger, { ...beginExport(wanted, record, now), claimedUntil }, record);
  if (!record) return undefined;
  const state = decision === "remove" ? "removing" : record.state;
  return saveExport(ledger, { ...record, state, claimedUntil }, record);
}

async function nextRecord(
  record: ExportRecord,
  invocation: ExportInvocation & { readonly isOver: () => boolean },
): Promise<ExportRecord | undefined> {
  if (record.state === "removing") return removeExport(record, invocation);
  if (record.state === "removed") return undefined;
  if (record.state !== "under-way" && isCleared(record)) return publishEnd(record, invocation);
  try {
    return await advanceExport(record, invocation);
  } catch (error) {
    if (!(error instanceof ExportFailure)) throw error;
    // Delete this attempt's resources; the next attempt starts from the beginning.
    await giveUp(record, invocation);
    return { ...failExport(record, error.message), disk: undefined, plainAmi: undefined };
  }
}

/** Publishes before it records: after a crash in between, the event is sent twice instead of never. */
async function publishEnd(record: ExportRecord, { bus }: ExportInvocation): Promise<ExportRecord | undefined> {
  if (record.told) return undefined;
  const { image, channel, build, files, formats, failure } = record;
  if (record.state === "ready") {
    const said = formats.flatMap((format) => {
      const kept = files[format]?.kept;
      return kept ? [{ format, key: kept.key, size: kept.size, checksum: kept.checksum }] : [];
    });
    await putEvent(bus, exportReady, { image, channel, build, files: said });
  } else {
    const lacking = formats.filter((format) => !files[format]?.kept);
    const error = failure ?? "unknown error";
    await putEvent(bus, exportFailed, { image, channel, build, formats: lacking, tries: record.tries, error });
  }
  return { ...record, told: true };
}

async function giveUp(record: ExportRecord, { client, settings }: ExportInvocation): Promise<void> {
  for (const { task, staged } of Object.values(record.files)) {
    if (task && !staged) await cancelTask(client(EC2Client), task.id);
  }
  await removePlain(client(EC2Client), plainName(settings.factory.name, record), record.disk?.snapshotId);
}

async function removeExport(record: ExportRecord, invocation: ExportInvocation): Promise<ExportRecord> {
  await giveUp(record, invocation);
  await removeFiles(record, invocation);
  return { ...record, state: "removed", files: {}, disk: undefined, plainAmi: undefined, failure: undefined };
}
