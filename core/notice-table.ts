import type * as z from "zod";
import {
  approvalDenied,
  approvalExpired,
  approvalGiven,
  approvalGranted,
  approvalRequested,
} from "../events/approval.ts";
import { buildFailed } from "../events/build-failed.ts";
import { buildInUse } from "../events/build-in-use.ts";
import { buildRetired } from "../events/build-retired.ts";
import { buildRestored, buildRevoked } from "../events/build-revoked.ts";
import { channelMoved } from "../events/channel-moved.ts";
import { consumersFailed } from "../events/consumers-failed.ts";
import { costExceeded } from "../events/cost-exceeded.ts";
import type { EventDefinition } from "../events/define-event.ts";
import { driftFound } from "../events/drift-found.ts";
import { exportFailed, exportReady } from "../events/export-ended.ts";
import { feedFailed } from "../events/feed-failed.ts";
import { fleetReported } from "../events/fleet-reported.ts";
import { gateRejected } from "../events/gate-decided.ts";
import { leftoversRemoved } from "../events/leftovers-removed.ts";
import { promotionFailed } from "../events/promotion-failed.ts";
import { promotionSuperseded } from "../events/promotion-superseded.ts";
import { shareFailed } from "../events/share-verified.ts";
import type { Trigger } from "../events/trigger.ts";
import { triggerSuppressed } from "../events/trigger-suppressed.ts";
import { waiverExpiring } from "../events/waiver-expiring.ts";
import { hasExports } from "./exports/has-exports.ts";
import type { Factory } from "./factory/factory-schema.ts";
import {
  describeBuildFailed,
  describeChannelMoved,
  describeGateRejected,
  describePromotionFailed,
  type Notice,
} from "./notice.ts";
import { describeConsumersFailed } from "./notice-of-consumers.ts";
import { describeCostExceeded } from "./notice-of-cost.ts";
import { describeDriftFound } from "./notice-of-drift.ts";
import { describeExportFailed, describeExportReady } from "./notice-of-exports.ts";
import { describeFleetReported } from "./notice-of-fleet.ts";
import { describeLeftoversRemoved } from "./notice-of-leftovers.ts";
import { describeBuildRetired } from "./notice-of-retirements.ts";
import { describeBuildInUse, describeBuildRestored, describeBuildRevoked } from "./notice-of-revocations.ts";
import { describeShareFailed } from "./notice-of-shares.ts";
import { describeFeedFailed, describeTriggerSuppressed } from "./notice-of-triggers.ts";
import { describeWaiverExpiring } from "./notice-of-waivers.ts";

/** Which of an event's occurrences are notified; left out, all of them. */
interface Limits<Detail> {
  /** Only in factories of which this holds. */
  readonly when?: (factory: Factory) => boolean;
  /** Only details with one of these values; a pattern has one filter, so such an event has a rule of its own. */
  readonly rule?: {
    readonly name: string;
    readonly description: string;
    readonly detail: { readonly [Key in keyof Detail]?: readonly Detail[Key][] };
  };
}

interface NoticeRow<Name extends string, Detail extends z.ZodType> extends Limits<z.output<Detail>> {
  readonly event: EventDefinition<Name, Detail>;
  /** @param triggers why the build was made that the event is about; empty where there is none, or nobody knows */
  describe(detail: z.output<Detail>, triggers: readonly Trigger[]): Notice;
}

const notice = <const Name extends string, Detail extends z.ZodType>(
  event: EventDefinition<Name, Detail>,
  describe: NoticeRow<Name, Detail>["describe"],
  limits: Limits<z.output<Detail>> = {},
): NoticeRow<Name, Detail> => ({ event, describe, ...limits });

/** All notices that are about an event: the rules' patterns, the parsing and the text come from here. */
export const noticeTable = [
  notice(buildFailed, describeBuildFailed),
  notice(gateRejected, describeGateRejected),
  notice(channelMoved, describeChannelMoved),
  notice(promotionFailed, describePromotionFailed),
  notice(feedFailed, describeFeedFailed),
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
  notice(exportReady, describeExportReady, { when: hasExports }),
  notice(exportFailed, describeExportFailed, { when: hasExports }),
  // Most ignored triggers are expected. An open breaker is reported with the failure that opened it.
  notice(triggerSuppressed, describeTriggerSuppressed, {
    rule: { name: "stuck-images", description: "An image was rebuilt in vain", detail: { code: ["unfixed"] } },
  }),
] as const;

/** Events that update the one notice about an approval, which `describeApproval` writes from the ledger. */
export const approvalNotices = [
  approvalRequested,
  approvalGiven,
  approvalGranted,
  approvalDenied,
  approvalExpired,
  promotionSuperseded,
] as const;

/** What an event's notice says, whatever the event. */
export function describeNotice(
  { detailType, detail }: { readonly detailType: NoticeName; readonly detail: unknown },
  triggers: readonly Trigger[],
): Notice {
  const rows: readonly NoticeRow<string, z.ZodType>[] = noticeTable;
  return rows.find(({ event }) => event.detailType === detailType)!.describe(detail, triggers);
}
type NoticeName = (typeof noticeTable)[number]["event"]["detailType"];
