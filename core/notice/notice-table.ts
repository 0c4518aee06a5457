import type * as z from "zod";
import { feedFailed, parentUnresolved } from "../../events/advisories.ts";
import {
  approvalDenied,
  approvalExpired,
  approvalGiven,
  approvalGranted,
  approvalRequested,
} from "../../events/approval.ts";
import { buildFailed, type Trigger, triggerSuppressed } from "../../events/build.ts";
import { channelMoved } from "../../events/channel.ts";
import { costExceeded } from "../../events/cost.ts";
import type { EventDefinition } from "../../events/define-event.ts";
import { exportFailed, exportReady } from "../../events/export.ts";
import { fleetReported } from "../../events/fleet.ts";
import { gateRejected, waiverExpiring } from "../../events/gate.ts";
import { promotionFailed, promotionSuperseded } from "../../events/promotion.ts";
import { driftFound } from "../../events/repair.ts";
import { buildRetired, leftoversRemoved } from "../../events/retirement.ts";
import { buildInUse, buildRestored, buildRevoked } from "../../events/revocation.ts";
import { rolloutEnded, rolloutHalted } from "../../events/rollout.ts";
import { consumersFailed, shareFailed } from "../../events/share.ts";
import { amiParents } from "../advisories/newest-ami.ts";
import { describeFeedFailed, describeParentUnresolved, describeTriggerSuppressed } from "../build/notice.ts";
import { describeCostExceeded } from "../cost/notice.ts";
import { describeExportFailed, describeExportReady, hasExports } from "../export/notice.ts";
import type { Factory } from "../factory/factory-schema.ts";
import { describeFleetReported } from "../fleet/notice.ts";
import { describeWaiverExpiring } from "../gate/notice.ts";
import { describeDriftFound } from "../repair/notice.ts";
import { describeBuildRetired, describeLeftoversRemoved } from "../retirement/notice.ts";
import { describeBuildInUse, describeBuildRestored, describeBuildRevoked } from "../revocation/notice.ts";
import { describeRolloutEnded, describeRolloutHalted } from "../rollout/notice.ts";
import { rolledOutChannels } from "../rollout/opening.ts";
import { describeConsumersFailed, describeShareFailed } from "../share/notice.ts";
import {
  describeBuildFailed,
  describeChannelMoved,
  describeGateRejected,
  describePromotionFailed,
  type NotesOutcome,
  type Notice,
} from "./notice.ts";

/** Which occurrences of an event are notified; all of them by default. */
interface Limits<Detail> {
  /** Only in factories for which this is true. */
  readonly when?: (factory: Factory) => boolean;
  /** Only details with one of these values. A pattern has one filter, so such an event has a separate rule. */
  readonly rule?: {
    readonly name: string;
    readonly description: string;
    readonly detail: { readonly [Key in keyof Detail]?: readonly Detail[Key][] };
  };
}

interface NoticeRow<Name extends string, Detail extends z.ZodType> extends Limits<z.output<Detail>> {
  readonly event: EventDefinition<Name, Detail>;
  /**
   * @param triggers why the event's build was started; empty without a build, or if unknown
   * @param notes of the build, if it was promoted to a channel
   */
  describe(detail: z.output<Detail>, triggers: readonly Trigger[], notes?: NotesOutcome): Notice;
}

const notice = <const Name extends string, Detail extends z.ZodType>(
  event: EventDefinition<Name, Detail>,
  describe: NoticeRow<Name, Detail>["describe"],
  limits: Limits<z.output<Detail>> = {},
): NoticeRow<Name, Detail> => ({ event, describe, ...limits });

const rollsOut = (factory: Factory): boolean => rolledOutChannels(factory).length > 0;

/** All notices about events. The rules' patterns, the parsing and the texts are derived from this table. */
export const noticeTable = [
  notice(buildFailed, describeBuildFailed),
  notice(gateRejected, describeGateRejected),
  notice(channelMoved, describeChannelMoved),
  notice(promotionFailed, describePromotionFailed),
  notice(feedFailed, describeFeedFailed),
  notice(parentUnresolved, describeParentUnresolved, { when: (factory) => amiParents(factory).length > 0 }),
  notice(buildInUse, describeBuildInUse),
  notice(buildRevoked, describeBuildRevoked),
  notice(buildRestored, describeBuildRestored),
  notice(buildRetired, describeBuildRetired),
  notice(waiverExpiring, describeWaiverExpiring),
  notice(driftFound, describeDriftFound),
  notice(shareFailed, describeShareFailed),
  notice(leftoversRemoved, describeLeftoversRemoved),
  notice(consumersFailed, describeConsumersFailed),
  notice(fleetReported, describeFleetReported, { when: ({ fleet }) => fleet.monthlyNotice }),
  notice(costExceeded, describeCostExceeded, { when: ({ cost }) => cost?.monthlyAlarm !== undefined }),
  notice(rolloutHalted, describeRolloutHalted, { when: rollsOut }),
  // A superseded roll-out is not notified: its successor is.
  notice(rolloutEnded, describeRolloutEnded, {
    when: rollsOut,
    rule: {
      name: "roll-outs",
      description: "A roll-out reached its groups, or was rolled back",
      detail: { outcome: ["done", "returned"] },
    },
  }),
  notice(exportReady, describeExportReady, { when: hasExports }),
  notice(exportFailed, describeExportFailed, { when: hasExports }),
  // Most ignored triggers are expected. An open breaker is reported with the failure that opened it.
  notice(triggerSuppressed, describeTriggerSuppressed, {
    rule: {
      name: "stuck-images",
      description: "Advisories still apply after a rebuild, or an event was refused",
      detail: { code: ["unfixed", "unproven"] },
    },
  }),
] as const;

/** Events that update an approval's single notice, which `describeApproval` composes from the ledger. */
export const approvalNotices = [
  approvalRequested,
  approvalGiven,
  approvalGranted,
  approvalDenied,
  approvalExpired,
  promotionSuperseded,
] as const;

/** Composes the notice of any event in the table. */
export function describeNotice(
  { detailType, detail }: { readonly detailType: NoticeName; readonly detail: unknown },
  triggers: readonly Trigger[],
  notes?: NotesOutcome,
): Notice {
  const rows: readonly NoticeRow<string, z.ZodType>[] = noticeTable;
  return rows.find(({ event }) => event.detailType === detailType)!.describe(detail, triggers, notes);
}

type NoticeName = (typeof noticeTable)[number]["event"]["detailType"];
