import type { LastingFailure } from "../../adapters/advisories/feed-memory.ts";
import type { ParentAmi } from "../../adapters/advisories/parent-amis.ts";
import type { ApprovalRecord } from "../../adapters/approval/approvals.ts";
import type { BuildRecord } from "../../adapters/build/builds.ts";
import type { Activity } from "../../adapters/build/claims.ts";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import type { HistoryEntry } from "../../adapters/channel/history.ts";
import type { GateRecord } from "../../adapters/evidence/evidence.ts";
import type { RaisedAlarm } from "../../adapters/monitoring/alarms.ts";
import type { FailedPromotion } from "../../adapters/promotion/failed-promotions.ts";
import type { RunningPromotion } from "../../adapters/promotion/running-promotions.ts";
import type { ReportedDrift } from "../../adapters/repair/reported-drift.ts";
import type { Hold, RetiredBuild } from "../../adapters/retirement/retirements.ts";
import type { AskedWithdrawal, Revocation } from "../../adapters/revocation/revocations.ts";
import type { RolloutOf } from "../../adapters/rollout/rollouts.ts";
import type { FailingTry } from "../../adapters/share/consumer-tries.ts";
import type { ExportRecord } from "../../core/export/export-record.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Waiver } from "../../core/factory/gate-schema.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Unread } from "./shape.ts";

/** A running promotion: its state, and its build if the execution's name contains it. */
export interface Promoting extends RunningPromotion {
  readonly build: BuildRecord | undefined;
  readonly state: { readonly name: string; readonly since: string } | undefined;
}

export interface OpenQuestion extends ApprovalRecord {
  /** The valid answers so far. */
  readonly answered: readonly string[];
}

/** What the gate and the promotion decided about a build. */
export interface Verdict {
  readonly gate: GateRecord | undefined;
  /** Its promotion failed, and was undone. */
  readonly undone: boolean;
}

/** All facts of the overview. A part that could not be read is empty, and is listed in `unread`. */
export interface Facts {
  readonly factory: Factory;
  readonly now: Date;
  /** The requested images. */
  readonly images: readonly string[];
  /** By image, the newest first. */
  readonly builds: ReadonlyMap<string, readonly BuildRecord[]>;
  readonly activity: ReadonlyMap<string, Activity>;
  readonly channels: ReadonlyMap<string, Readonly<Record<string, ChannelRecord>>>;
  /** Channels that were emptied, with the move that emptied them. */
  readonly emptied: readonly { readonly image: string; readonly channel: string; readonly last: HistoryEntry }[];
  readonly verdicts: ReadonlyMap<BuildArn, Verdict>;
  /** The approvals of each image's newest build, including decided ones. */
  readonly approvals: readonly ApprovalRecord[];
  readonly questions: readonly OpenQuestion[];
  readonly failedPromotions: readonly FailedPromotion[];
  readonly revocations: ReadonlyMap<string, Revocation>;
  readonly withdrawals: readonly AskedWithdrawal[];
  readonly rollouts: readonly RolloutOf[];
  readonly holds: readonly Hold[];
  /** From the config and from `amint waive`. */
  readonly waivers: readonly Waiver[];
  readonly drift: readonly ReportedDrift[];
  readonly feeds: readonly LastingFailure[];
  readonly parents: ReadonlyMap<string, ParentAmi>;
  readonly consumers: readonly FailingTry[];
  readonly exports: readonly ExportRecord[];
  readonly retirements: ReadonlyMap<BuildArn, RetiredBuild>;
  readonly alarms: readonly RaisedAlarm[];
  readonly promotions: readonly Promoting[];
  /** The Image Builder states of running builds. */
  readonly buildStates: ReadonlyMap<BuildArn, string>;
  readonly unread: readonly Unread[];
}

/** Whether a build could be promoted: available, passed by the gate, not revoked, undone or pending retirement. */
export function isPromotable(facts: Facts, { build, status }: BuildRecord): boolean {
  const { gate, undone } = facts.verdicts.get(build) ?? {};
  const stage = facts.retirements.get(build)?.retirement?.stage;
  const isKept = stage === undefined || stage === "deprecated";
  return status === "available" && gate?.verdict === "passed" && !undone && !facts.revocations.has(build) && isKept;
}

/** A build of the factory that occurs in any part of the ledger. */
export const findRecord = ({ builds }: Facts, image: string, build: BuildArn): BuildRecord | undefined =>
  builds.get(image)?.find((one) => one.build === build);
