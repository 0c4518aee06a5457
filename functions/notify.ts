import { SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import { isDelivered, recordDelivered } from "../adapters/ledger/notices.ts";
import { publishNotice } from "../adapters/notices.ts";
import { postNotice } from "../adapters/slack.ts";
import {
  describeBuildFailed,
  describeChannelMoved,
  describeGateRejected,
  describePromotionFailed,
  type Notice,
} from "../core/notice.ts";
import { buildFailed } from "../events/build-failed.ts";
import { channelMoved } from "../events/channel-moved.ts";
import { toEnvelope } from "../events/define-event.ts";
import { gateRejected } from "../events/gate-decided.ts";
import { promotionFailed } from "../events/promotion-failed.ts";
import { lambda } from "./lib/lambda.ts";

const input = z.discriminatedUnion("detail-type", [
  toEnvelope(buildFailed),
  toEnvelope(gateRejected),
  toEnvelope(channelMoved),
  toEnvelope(promotionFailed),
]);

/** Tells people on SNS and Slack. Each is told once, also when the other fails and the event comes again. */
export const handler = lambda({
  input,
  env: ["NOTICES_TOPIC_ARN", "SLACK_BOT_TOKEN", "SLACK_API_URL"],
  clients: () => ({ sns: new SNSClient({}) }),
  once: (event) => event.id,
  async run(event, { settings, ledger, clients }) {
    const notice = describe(event);
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

function describe(event: z.output<typeof input>): Notice {
  switch (event["detail-type"]) {
    case "build.failed":
      return describeBuildFailed(event.detail);
    case "gate.rejected":
      return describeGateRejected(event.detail);
    case "channel.moved":
      return describeChannelMoved(event.detail);
    case "promotion.failed":
      return describePromotionFailed(event.detail);
  }
}
