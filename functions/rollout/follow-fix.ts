import type { BuildRecord } from "../../adapters/build/builds.ts";
import { type HistoryEntry, listMoves } from "../../adapters/channel/history.ts";
import { saveClock } from "../../adapters/rollout/exposures.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { Clock } from "../../core/rollout/clock.ts";
import { findFix, isNewer } from "../../core/rollout/exposure.ts";
import { keptManifests } from "../evidence/kept-manifests.ts";
import { evidenceStoreOf } from "../evidence/piece.ts";
import type { Invocation } from "../invocation.ts";

/**
 * Finds the build that fixes the advisories of an image's clocks, and how far it has come. @returns how many clocks
 * changed
 * @param builds the available ones
 */
export async function followFixes(
  image: string,
  { clocks, builds }: { readonly clocks: readonly Clock[]; readonly builds: readonly BuildRecord[] },
  invocation: Invocation<"EVIDENCE_BUCKET">,
): Promise<number> {
  const open = clocks.filter(({ fix }) => fix?.sharedAt === undefined);
  if (open.length === 0) return 0;
  const config = requireImage(invocation.settings.factory, image);
  const manifestOf = keptManifests(evidenceStoreOf(invocation));
  const moves = movesReader(image, invocation);
  const first = config.channels[0]?.name ?? "";
  let changed = 0;
  for (const clock of open) {
    const newer = builds.filter((one) => isNewer(one, clock.affected));
    const unread = clock.fix ? [] : newer.filter(({ build }) => !clock.stillOpen.includes(build));
    const read = await Promise.all(unread.map(async (one) => ({ ...one, manifest: await manifestOf(one.build) })));
    const found = findFix(clock, config, read);
    if (!found.fix && found.stillOpen.length === clock.stillOpen.length) continue;
    const after = found.fix ? { ...found, fix: await dated(found.fix, found.channel) } : found;
    if (JSON.stringify(after) !== JSON.stringify(clock) && (await saveClock(invocation.ledger, clock, after)))
      changed += 1;
  }
  return changed;

  async function dated(fix: NonNullable<Clock["fix"]>, channel: string): Promise<NonNullable<Clock["fix"]>> {
    const builtAt = builds.find(({ build }: BuildRecord) => build === fix.build)?.endedAt;
    const promotedAt = fix.promotedAt ?? firstMove(await moves(first), fix);
    const sharedAt = firstMove(await moves(channel), fix);
    return { ...fix, ...(builtAt && { builtAt }), ...(promotedAt && { promotedAt }), ...(sharedAt && { sharedAt }) };
  }
}

/** When a channel first pointed at a build or a newer one. */
const firstMove = (moves: readonly HistoryEntry[], fix: { readonly startedAt: string }): string | undefined =>
  moves.find((move) => move.build !== undefined && !isNewer(fix, move))?.movedAt;

function movesReader(image: string, { ledger }: Pick<Invocation, "ledger">) {
  const read = new Map<string, Promise<HistoryEntry[]>>();
  return (channel: string): Promise<HistoryEntry[]> => {
    const reading = read.get(channel) ?? listMoves(ledger, image, channel);
    read.set(channel, reading);
    return reading;
  };
}
