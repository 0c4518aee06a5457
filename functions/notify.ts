import { SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { findBuild } from "../adapters/ledger/builds.ts";
import { isDelivered, recordDelivered } from "../adapters/ledger/notices.ts";
import type { Ledger } from "../adapters/ledger/table.ts";
import { publishNotice } from "../adapters/notices.ts";
import { postNotice } from "../adapters/slack.ts";
import {
  describeBuildFailed,
  describeChannelMoved,
  describeGateRejected,
  describePromotionFailed,
  type Notice,
} from "../core/notice.ts";
import { describeBaseUpdated, describeFeedFailed, describeTriggerSuppressed } from "../core/notice-of-triggers.ts";
import { baseUpdated } from "../events/base-updated.ts";
import { buildFailed } from "../events/build-failed.ts";
import { channelMoved } from "../events/channel-moved.ts";
import { toEnvelope } from "../events/define-event.ts";
import { feedFailed } from "../events/feed-failed.ts";
import { gateRejected } from "../events/gate-decided.ts";
import { promotionFailed } from "../events/promotion-failed.ts";
import type { Trigger } from "../events/trigger.ts";
import { triggerSuppressed } from "../events/trigger-suppressed.ts";
import { lambda } from "./lib/lambda.ts";

const input = z.discriminatedUnion("detail-type", [
  toEnvelope(buildFailed),
  toEnvelope(gateRejected),
  toEnvelope(channelMoved),
  toEnvelope(promotionFailed),
  toEnvelope(feedFailed),
  toEnvelope(triggerSuppressed),
  toEnvelope(baseUpdated),
]);
type Input = z.output<typeof input>;

/** Tells people on SNS and Slack. Each is told once, also when the other fails and the event comes again. */
export const handler = lambda({
  input,
  env: ["NOTICES_TOPIC_ARN", "SLACK_BOT_TOKEN", "SLACK_API_URL"],
  clients: () => ({ sns: new SNSClient({}) }),
  once: (event) => event.id,
  async run(event, { settings, ledger, clients }) {
    const notice = describe(event, await findTriggers(event, ledger));
    const { factory, env } = settings;
    const deliver = async (to: string, send: () => Promise<void>): Promise<void> => {
      if (await isDelivered(ledger, event.id, to)) return;
      await send();
      await recordDelivered(ledger, event.id, to);
    };
    await deliver("sns", () => publishNotice(clients.sns, env.NOTICES_TOPIC_ARN, notice));
    const channel = factory.notify.slack?.channel;
    if (channel) {
      const slack = { token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, channel };
      await deliver("slack", () => postNotice(slack, notice));
    }
    return { told: notice.title };
  },
});

/** Why the build was made that the event is about; nothing where it is about none, or about one that nobody recorded. */
async function findTriggers({ detail }: Input, ledger: Ledger): Promise<readonly Trigger[]> {
  return "build" in detail ? ((await findBuild(ledger, detail.image, detail.build))?.triggers ?? []) : [];
}

function describe(event: Input, triggers: readonly Trigger[]): Notice {
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
    case "base.updated":
      return describeBaseUpdated(event.detail);
  }
}
