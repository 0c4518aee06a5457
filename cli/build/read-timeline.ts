import { type AnsweredApproval, findAnswered } from "../../adapters/approval/approvals.ts";
import { type BuildRecord, findInstances } from "../../adapters/build/builds.ts";
import { type HistoryEntry, listMoves } from "../../adapters/channel/history.ts";
import { findEvidence, findGate, type GateRecord } from "../../adapters/evidence/evidence.ts";
import { listExports } from "../../adapters/export/exports.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { type FailedPromotion, findFailedPromotion } from "../../adapters/promotion/failed-promotions.ts";
import {
  type CopyRecord,
  findShares,
  findUndone,
  listCopies,
  type ShareRecord,
} from "../../adapters/promotion/promotion.ts";
import { findHold, findRetirement, type Hold, type RetiredBuild } from "../../adapters/retirement/retirements.ts";
import { listRestorations, type Restoration } from "../../adapters/revocation/restorations.ts";
import {
  type AskedWithdrawal,
  findAsked,
  findRevocation,
  type Revocation,
} from "../../adapters/revocation/revocations.ts";
import { findRollout, listEndedRollouts } from "../../adapters/rollout/rollouts.ts";
import { listVerifications, type Verification } from "../../adapters/share/verifications.ts";
import type { BuildInstances } from "../../core/cost/usage.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import type { ExportRecord } from "../../core/export/export-record.ts";
import type { RolloutRecord } from "../../core/rollout/records.ts";

export interface ChannelRollout {
  readonly channel: string;
  readonly record: RolloutRecord;
}

/** Everything that the ledger has of one build. */
export interface BuildFacts {
  readonly record: BuildRecord;
  readonly instances: BuildInstances | undefined;
  readonly evidence: Evidence | undefined;
  readonly gate: GateRecord | undefined;
  readonly approvals: readonly AnsweredApproval[];
  readonly copies: readonly CopyRecord[];
  readonly shares: readonly ShareRecord[];
  readonly verifications: readonly Verification[];
  /** All moves of each of the image's channels. */
  readonly moves: ReadonlyMap<string, readonly HistoryEntry[]>;
  readonly failed: FailedPromotion | undefined;
  /** What of a failed promotion was undone, in words. */
  readonly undone: readonly string[];
  readonly revocation: Revocation | undefined;
  readonly restorations: readonly Restoration[];
  /** A revocation or restoration that is not complete. */
  readonly requested: AskedWithdrawal | undefined;
  readonly rollouts: readonly ChannelRollout[];
  readonly retired: RetiredBuild;
  readonly hold: Hold | undefined;
  readonly exports: readonly ExportRecord[];
}

/** @param channels the image's, also former ones */
export async function readBuildFacts(
  ledger: Ledger,
  record: BuildRecord,
  channels: readonly string[],
): Promise<BuildFacts> {
  const { image, build } = record;
  const each = <Found>(work: (channel: string) => Promise<Found>) =>
    Promise.all(channels.map(async (channel) => [channel, await work(channel)] as const));
  const rolloutsOf = async (channel: string): Promise<RolloutRecord[]> => {
    const [newest, ended] = await Promise.all([
      findRollout(ledger, { image, channel }),
      listEndedRollouts(ledger, { image, channel }),
    ]);
    return [...ended.filter(({ id }) => id !== newest?.id), ...(newest ? [newest] : [])];
  };
  const [instances, evidence, gate, approvals, copies, shares, verifications, moves, failed, undone] =
    await Promise.all([
      findInstances(ledger, build),
      findEvidence(ledger, build),
      findGate(ledger, build),
      findAnswered(ledger, build),
      listCopies(ledger, build),
      findShares(ledger, build),
      listVerifications(ledger, build),
      each((channel) => listMoves(ledger, image, channel)),
      findFailedPromotion(ledger, build),
      findUndone(ledger, build),
    ]);
  const [revocation, restorations, requested, rollouts, retired, hold, exports] = await Promise.all([
    findRevocation(ledger, build),
    listRestorations(ledger, build),
    findAsked(ledger, build),
    each(rolloutsOf),
    findRetirement(ledger, build),
    findHold(ledger, build),
    listExports(ledger),
  ]);
  return {
    ...{ record, instances, evidence, gate, approvals, copies, shares, verifications },
    moves: new Map(moves),
    ...{ failed, undone, revocation, restorations, requested },
    rollouts: rollouts.flatMap(([channel, some]) =>
      some.filter((one) => one.build === build).map((one) => ({ channel, record: one })),
    ),
    ...{ retired, hold },
    exports: exports.filter((one) => one.build === build),
  };
}

/** What happened to a build. docs/status.md lists the kinds. */
export const timelineKinds = [
  "trigger",
  "build",
  "test",
  "gate",
  "rule",
  "waiver",
  "urgent",
  "approval",
  "copy",
  "share",
  "verification",
  "channel",
  "promotion",
  "rollout",
  "revocation",
  "hold",
  "retirement",
  "export",
] as const;

type TimelineKind = (typeof timelineKinds)[number];

export interface TimelineEntry {
  /** ISO 8601; null where the ledger keeps no time: the entry is in its place all the same. */
  readonly at: string | null;
  readonly kind: TimelineKind;
  readonly text: string;
  /** Who did it, and why, where a person or a role did. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly channel?: string | undefined;
  readonly region?: string | undefined;
}

/** An entry with the time by which it is sorted; `at` is left out where that is only its place. */
export interface Placed extends Omit<TimelineEntry, "at"> {
  readonly at?: string | undefined;
  readonly place?: string | undefined;
}
