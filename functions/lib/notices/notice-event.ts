import * as z from "zod";
import {
  approvalDenied,
  approvalExpired,
  approvalGiven,
  approvalGranted,
  approvalRequested,
} from "../../../events/approval.ts";
import { buildFailed } from "../../../events/build-failed.ts";
import { buildInUse } from "../../../events/build-in-use.ts";
import { buildRetired } from "../../../events/build-retired.ts";
import { buildRestored, buildRevoked } from "../../../events/build-revoked.ts";
import { channelMoved } from "../../../events/channel-moved.ts";
import { consumersFailed } from "../../../events/consumers-failed.ts";
import { costExceeded } from "../../../events/cost-exceeded.ts";
import { toEnvelope } from "../../../events/define-event.ts";
import { driftFound } from "../../../events/drift-found.ts";
import { exportFailed, exportReady } from "../../../events/export-ended.ts";
import { feedFailed } from "../../../events/feed-failed.ts";
import { fleetReported } from "../../../events/fleet-reported.ts";
import { gateRejected } from "../../../events/gate-decided.ts";
import { leftoversRemoved } from "../../../events/leftovers-removed.ts";
import { promotionFailed } from "../../../events/promotion-failed.ts";
import { promotionSuperseded } from "../../../events/promotion-superseded.ts";
import { shareFailed } from "../../../events/share-verified.ts";
import { triggerSuppressed } from "../../../events/trigger-suppressed.ts";
import { waiverExpiring } from "../../../events/waiver-expiring.ts";

/** Events that people are told of in a message of their own. */
const told = [
  toEnvelope(buildFailed),
  toEnvelope(gateRejected),
  toEnvelope(channelMoved),
  toEnvelope(promotionFailed),
  toEnvelope(feedFailed),
  toEnvelope(triggerSuppressed),
  toEnvelope(buildRevoked),
  toEnvelope(buildInUse),
  toEnvelope(buildRestored),
  toEnvelope(buildRetired),
  toEnvelope(waiverExpiring),
  toEnvelope(driftFound),
  toEnvelope(shareFailed),
  toEnvelope(leftoversRemoved),
  toEnvelope(consumersFailed),
  toEnvelope(costExceeded),
  toEnvelope(fleetReported),
  toEnvelope(exportReady),
  toEnvelope(exportFailed),
] as const;

/** Events about a question that people are asked: there is one message about it, kept up to date. */
const asked = [
  toEnvelope(approvalRequested),
  toEnvelope(approvalGiven),
  toEnvelope(approvalGranted),
  toEnvelope(approvalDenied),
  toEnvelope(approvalExpired),
  toEnvelope(promotionSuperseded),
] as const;

export const noticeEvent = z.discriminatedUnion("detail-type", [...told, ...asked]);
export type NoticeEvent = z.output<typeof noticeEvent>;
export type ToldEvent = z.output<(typeof told)[number]>;
export type AskedEvent = z.output<(typeof asked)[number]>;

/** Whether an event is about a question. */
export const isAsked = (event: NoticeEvent): event is AskedEvent =>
  event["detail-type"].startsWith("approval.") || event["detail-type"] === "promotion.superseded";
