import * as z from "zod";
import { findChannel } from "../../adapters/channel/channels.ts";
import { listMoves } from "../../adapters/channel/history.ts";
import { listExports } from "../../adapters/export/exports.ts";
import { findGone } from "../../adapters/retirement/leftovers.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { decideExport, type ExportFacts, type WantedExport } from "../../core/export/decide-export.ts";
import type { ExportRecord } from "../../core/export/export-record.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { inTurn } from "../in-turn.ts";
import { lambda } from "../lambda.ts";
import { type ExportInvocation, exportEnv } from "./export-env.ts";
import { followExport } from "./follow-export.ts";

const input = z.union([
  z.object({ scheduledTime: z.iso.datetime() }),
  /** A channel moved or a build was revoked. */
  z.object({ image: z.string() }),
  /** On a user's request, after the cause of a failure is fixed. */
  z.object({ again: buildArn }),
]);

/**
 * Exports the builds that channels with exports point at, and deletes the exports of revoked, retired and undone
 * builds. Checks all of them each time, so that a lost or repeated event only changes the time.
 */
export async function followExports(
  asked: z.output<typeof input>,
  invocation: ExportInvocation,
): Promise<{ readonly steps: number }> {
  const again = "again" in asked ? asked.again : undefined;
  const facts = await readExportFacts(invocation, again);
  const acts = [...facts].flatMap(([build, one]): [string, () => Promise<number>][] => {
    const decision = decideExport(one);
    return decision === "leave" ? [] : [[`export of ${build}`, () => followExport(one, decision, invocation)]];
  });
  return { steps: await inTurn(Object.fromEntries(acts)) };
}

/** For every build that a channel with exports points at, and every exported build. */
async function readExportFacts(
  invocation: ExportInvocation,
  again: BuildArn | undefined,
): Promise<ReadonlyMap<BuildArn, ExportFacts>> {
  const { ledger } = invocation;
  const records = new Map((await listExports(ledger)).map((record) => [record.build, record]));
  const wanted = await findWanted(invocation);
  const facts = new Map<BuildArn, ExportFacts>();
  for (const build of new Set([...wanted.keys(), ...records.keys()])) {
    const record = records.get(build);
    const one = wanted.get(build);
    // Nothing more to find out about these.
    if (!one && record?.state === "removed") continue;
    const unshared =
      (await findRevocation(ledger, build)) !== undefined || (await findGone(ledger, build)) !== undefined;
    const undone = !one && record?.state === "ready" && !unshared && (await wasUndone(record, invocation));
    facts.set(build, { record, wanted: one, withdrawn: unshared, undone, again: build === again });
  }
  return facts;
}

/** A build that two channels point at is exported once, in the formats of both. */
async function findWanted({ settings, ledger }: ExportInvocation): Promise<Map<BuildArn, WantedExport>> {
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

/** Whether a failed promotion's undo moved its channel off the build. */
async function wasUndone({ image, channel, build }: ExportRecord, { ledger }: ExportInvocation): Promise<boolean> {
  const moves = await listMoves(ledger, image, channel);
  const last = moves.findLastIndex((move) => move.build === build);
  return last >= 0 && moves[last + 1]?.how === "undo";
}

export const handler = lambda({ input, env: exportEnv, run: followExports });
