import { findChannel } from "../../../adapters/ledger/channels.ts";
import { listExports } from "../../../adapters/ledger/exports.ts";
import { listMoves } from "../../../adapters/ledger/history.ts";
import { findGone } from "../../../adapters/ledger/leftovers.ts";
import { findRevocation } from "../../../adapters/ledger/revocations.ts";
import type { ExportFacts, WantedExport } from "../../../core/exports/decide-export.ts";
import type { ExportRecord } from "../../../core/exports/export-record.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { ExportStep } from "./export-env.ts";

/** Of every build that a channel with exports points at, and of every one that was exported or is being. */
export async function readExportFacts(
  step: ExportStep,
  again: BuildArn | undefined,
): Promise<ReadonlyMap<BuildArn, ExportFacts>> {
  const { ledger } = step;
  const records = new Map((await listExports(ledger)).map((record) => [record.build, record]));
  const wanted = await findWanted(step);
  const facts = new Map<BuildArn, ExportFacts>();
  for (const build of new Set([...wanted.keys(), ...records.keys()])) {
    const record = records.get(build);
    const one = wanted.get(build);
    // Of what is over nothing more can be found out.
    if (!one && record?.state === "removed") continue;
    const withdrawn =
      (await findRevocation(ledger, build)) !== undefined || (await findGone(ledger, build)) !== undefined;
    const undone = !one && record?.state === "ready" && !withdrawn && (await wasUndone(record, step));
    facts.set(build, { record, wanted: one, withdrawn, undone, again: build === again });
  }
  return facts;
}

/** A build that two channels point at is exported once, in the formats of both. */
async function findWanted({ settings, ledger }: ExportStep): Promise<Map<BuildArn, WantedExport>> {
  const { factory } = settings;
  const wanted = new Map<BuildArn, WantedExport>();
  for (const [image, { channels }] of Object.entries(factory.images)) {
    for (const { name, exports } of channels) {
      const pointed = exports && (await findChannel(ledger, image, name));
      const amiId = pointed?.amis[factory.buildRegion];
      if (!exports || !pointed || !amiId) continue;
      const other = wanted.get(pointed.build);
      const formats = [...new Set([...(other?.formats ?? []), ...exports.formats])];
      wanted.set(pointed.build, { image, channel: other?.channel ?? name, build: pointed.build, amiId, formats });
    }
  }
  return wanted;
}

/** Whether its channel was taken back from the build, or off it by a promotion that failed. */
async function wasUndone({ image, channel, build }: ExportRecord, { ledger }: ExportStep): Promise<boolean> {
  const moves = await listMoves(ledger, image, channel);
  const last = moves.findLastIndex((move) => move.build === build);
  return last >= 0 && moves[last + 1]?.how === "undo";
}
