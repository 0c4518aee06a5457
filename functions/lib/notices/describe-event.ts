import { findBuild } from "../../../adapters/ledger/builds.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import {
  describeBuildFailed,
  describeChannelMoved,
  describeGateRejected,
  describePromotionFailed,
  type Notice,
} from "../../../core/notice.ts";
import { describeConsumersFailed } from "../../../core/notice-of-consumers.ts";
import { describeCostExceeded } from "../../../core/notice-of-cost.ts";
import { describeDriftFound } from "../../../core/notice-of-drift.ts";
import { describeExportFailed, describeExportReady } from "../../../core/notice-of-exports.ts";
import { describeFleetReported } from "../../../core/notice-of-fleet.ts";
import { describeLeftoversRemoved } from "../../../core/notice-of-leftovers.ts";
import { describeBuildRetired } from "../../../core/notice-of-retirements.ts";
import {
  describeBuildInUse,
  describeBuildRestored,
  describeBuildRevoked,
} from "../../../core/notice-of-revocations.ts";
import { describeShareFailed } from "../../../core/notice-of-shares.ts";
import { describeFeedFailed, describeTriggerSuppressed } from "../../../core/notice-of-triggers.ts";
import { describeWaiverExpiring } from "../../../core/notice-of-waivers.ts";
import type { Trigger } from "../../../events/trigger.ts";
import type { ToldEvent } from "./notice-event.ts";

/** What is told of an event, with why the build was made that it is about. */
export async function describeEvent(event: ToldEvent, ledger: Ledger): Promise<Notice> {
  const triggers = await findTriggers(event, ledger);
  switch (event["detail-type"]) {
    case "build.failed":
      return describeBuildFailed(event.detail, triggers);
    case "gate.rejected":
      return describeGateRejected(event.detail, triggers);
    case "channel.moved":
      return describeChannelMoved(event.detail, triggers);
    case "promotion.failed":
      return describePromotionFailed(event.detail, triggers);
    case "feed.failed":
      return describeFeedFailed(event.detail);
    case "trigger.suppressed":
      return describeTriggerSuppressed(event.detail);
    case "build.revoked":
      return describeBuildRevoked(event.detail);
    case "build.in-use":
      return describeBuildInUse(event.detail);
    case "build.restored":
      return describeBuildRestored(event.detail);
    case "build.retired":
      return describeBuildRetired(event.detail);
    case "waiver.expiring":
      return describeWaiverExpiring(event.detail);
    case "share.failed":
      return describeShareFailed(event.detail, triggers);
    case "drift.found":
      return describeDriftFound(event.detail);
    case "leftovers.removed":
      return describeLeftoversRemoved(event.detail);
    case "consumers.failed":
      return describeConsumersFailed(event.detail);
    case "cost.exceeded":
      return describeCostExceeded(event.detail);
    case "fleet.reported":
      return describeFleetReported(event.detail);
    case "export.ready":
      return describeExportReady(event.detail);
    case "export.failed":
      return describeExportFailed(event.detail);
  }
}

/** Nothing where the event is about no build, or about one that nobody recorded. */
async function findTriggers({ detail }: ToldEvent, ledger: Ledger): Promise<readonly Trigger[]> {
  return "build" in detail ? ((await findBuild(ledger, detail.image, detail.build))?.triggers ?? []) : [];
}
