import { SNSClient } from "@aws-sdk/client-sns";
import { recordDelivered, whetherDelivered } from "../adapters/ledger/notices.ts";
import { readTogether } from "../adapters/ledger/wanted.ts";
import { publishNotice } from "../adapters/notices.ts";
import { routeNotice } from "../core/route-notice.ts";
import { lambda } from "./lib/lambda.ts";
import { putMetrics } from "./lib/metrics.ts";
import { noticeEvent } from "./lib/notices/notice-event.ts";
import { tellEvent } from "./lib/notices/tell-event.ts";
import { onlyOnce } from "./lib/only-once.ts";

/**
 * Tells people on SNS and Slack: on each whatever becomes of the other, and once, also when the event comes again
 * because one of them failed.
 */
export const handler = lambda({
  input: noticeEvent,
  env: ["NOTICES_TOPIC_ARN", "SLACK_BOT_TOKEN", "SLACK_API_URL"],
  once: { key: (event) => event.id, guard: onlyOnce },
  async run(event, step) {
    const { ledger, client, settings } = step;
    const { factory, env } = settings;
    const telling = await tellEvent(event, step);
    // Not `undefined` in it: what is done once is remembered in DynamoDB, which takes no such value.
    if (!telling) return {};
    const [toSns, toSlack] = await readTogether(ledger, [
      whetherDelivered(event.id, "sns"),
      whetherDelivered(event.id, "slack"),
    ]);
    const delivered = { sns: toSns, slack: toSlack };
    const deliver = async (to: "sns" | "slack", send: () => Promise<void>): Promise<void> => {
      if (delivered[to]) return;
      await send();
      await recordDelivered(ledger, event.id, to);
    };
    const { notice } = telling;
    const app = factory.notify.slack;
    const channel = app && routeNotice(app, notice);
    const slack = channel && { token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL, channel };
    const failed = await failuresOf({
      sns: deliver("sns", () => publishNotice(client(SNSClient), env.NOTICES_TOPIC_ARN, notice, event.id)),
      ...(slack && { slack: deliver("slack", () => telling.inSlack(slack)) }),
    });
    if (failed.length > 0) {
      putMetrics({ factory: factory.name }, { NoticesFailed: failed.length });
      throw new NotTold(failed);
    }
    return { told: notice.title };
  },
});

type Failure = readonly [to: string | undefined, reason: unknown];

/** Those that failed, when all have ended. */
async function failuresOf(deliveries: Readonly<Record<string, Promise<void>>>): Promise<Failure[]> {
  const names = Object.keys(deliveries);
  const ended = await Promise.allSettled(Object.values(deliveries));
  return ended.flatMap((one, n) => (one.status === "rejected" ? [[names[n], one.reason] as const] : []));
}

/** Told not at all, or on one of the two only; the event comes again, and at last lies with the dead letters. */
class NotTold extends AggregateError {
  override readonly name = "NotTold";

  constructor(failed: readonly Failure[]) {
    super(
      failed.map(([, reason]) => reason),
      failed.map(([to, reason]) => `${to}: ${reason instanceof Error ? reason.message : reason}`).join("; "),
    );
  }
}
