import { SNSClient } from "@aws-sdk/client-sns";
import { findApprovals } from "../../adapters/approval/approvals.ts";
import { buildOf } from "../../adapters/build/builds.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { publishNotice, recordDelivered, whetherDelivered } from "../../adapters/notice/notices.ts";
import { postNotice, type SlackChannel } from "../../adapters/notice/slack.ts";
import { markUrgent, routeNotice } from "../../core/notice/notice.ts";
import { describeNotice } from "../../core/notice/notice-table.ts";
import type { SlackButtons } from "../../core/notice/slack-blocks.ts";
import { readRecordedObstacle } from "../channel/read-obstacles.ts";
import { lambda } from "../lambda.ts";
import { putMetrics } from "../monitoring/metrics.ts";
import { onlyOnce } from "../only-once.ts";
import { botToken } from "./bot-token.ts";
import { keepNotes, type NotesInvocation } from "./keep-notes.ts";
import { isApprovalEvent, type NoticeEvent, noticeEvent, type PlainNoticeEvent } from "./notice-event.ts";
import { type NoticeContext, type NoticeDelivery, prepareQuestion, readQuestion, showQuestion } from "./question.ts";

type Failure = readonly [to: string | undefined, reason: unknown];

/** The failed deliveries, after all have ended. */
async function failuresOf(deliveries: Readonly<Record<string, Promise<void>>>): Promise<Failure[]> {
  const names = Object.keys(deliveries);
  const ended = await Promise.allSettled(Object.values(deliveries));
  return ended.flatMap((one, n) => (one.status === "rejected" ? [[names[n], one.reason] as const] : []));
}

/** One or both deliveries failed; the event is retried, then goes to the dead-letter queue. */
class NoticeNotDelivered extends AggregateError {
  override readonly name = "NoticeNotDelivered";

  constructor(failed: readonly Failure[]) {
    super(
      failed.map(([, reason]) => reason),
      failed.map(([to, reason]) => `${to}: ${reason instanceof Error ? reason.message : reason}`).join("; "),
    );
  }
}

/** `unkept`: why the release notes for the notice were not saved. */
interface DeliveryWithNotes extends NoticeDelivery {
  readonly unkept?: string;
}

/** The notice was sent; the event is retried for the notes only, then goes to the dead-letter queue. */
class NotesNotKept extends Error {
  override readonly name = "NotesNotKept";
}

/** The notice of an event. @returns undefined where there is none */
async function prepareNotice(
  event: NoticeEvent,
  invocation: NoticeContext & NotesInvocation,
): Promise<DeliveryWithNotes | undefined> {
  if (isApprovalEvent(event)) return prepareQuestion(event, invocation);
  const { "detail-type": detailType, detail } = event;
  const notes = event["detail-type"] === "channel.moved" ? await keepNotes(event.detail, invocation) : undefined;
  const { triggers, urgent } = await findWhy(event, invocation.ledger);
  const notice = markUrgent(describeNotice({ detailType, detail }, triggers, notes), urgent);
  return {
    notice,
    ...(notes && "failure" in notes && { unkept: notes.failure }),
    async inSlack(slack) {
      if (event["detail-type"] === "build.revoked") await closeQuestions(event.detail, slack, invocation);
      await postNotice(slack, notice, await findButtons(event, invocation.ledger));
    },
  };
}

/** Why the event's build was started, and why it is urgent; empty for events without a build, or with an unrecorded one. */
async function findWhy({ detail }: PlainNoticeEvent, ledger: Ledger) {
  if (!("build" in detail)) return { triggers: [], urgent: undefined };
  const [record, gate] = await readBatch(ledger, [buildOf(detail.image, detail.build), gateOf(detail.build)]);
  return { triggers: record?.triggers ?? [], urgent: gate?.urgent };
}

/**
 * Buttons for the notice. A promotion can be rolled back to a usable build; a manual move had a reason, so it has no
 * button.
 */
async function findButtons(event: PlainNoticeEvent, ledger: Ledger): Promise<SlackButtons | undefined> {
  if (event["detail-type"] === "rollout.halted") {
    const { image, channel, build, rollout } = event.detail;
    return { image, channel, build, rollout, halted: event.time };
  }
  if (event["detail-type"] !== "channel.moved") return undefined;
  const { image, channel, build, previousBuild, because } = event.detail;
  if (!previousBuild || because) return undefined;
  if (await readRecordedObstacle(ledger, image, previousBuild)) return undefined;
  return { image, channel, from: build, to: previousBuild };
}

type Revoked = Extract<PlainNoticeEvent, { "detail-type": "build.revoked" }>["detail"];

/** Closes the approval questions of a revoked build. */
async function closeQuestions(
  { build, by, reason }: Revoked,
  slack: SlackChannel,
  invocation: NoticeContext,
): Promise<void> {
  const { ledger, settings } = invocation;
  for (const { image, channel, decided } of await findApprovals(ledger, build)) {
    const waits = decided === undefined || decided.verdict === "withdrawn";
    const asked = waits ? await readQuestion(ledger, { image, build, channel }) : undefined;
    const over = `${by} revoked it: ${reason}`;
    if (asked?.message) await showQuestion(asked, { ledger, people: settings.factory.people, slack, over });
  }
}

/**
 * Notifies by SNS and Slack: independently of each other, and once each, also when the event is retried because one
 * failed.
 */
export const handler = lambda({
  input: noticeEvent,
  env: ["NOTICES_TOPIC_ARN", "SLACK_API_URL", "EVIDENCE_BUCKET"],
  once: { key: (event) => event.id, guard: onlyOnce },
  async run(event, invocation) {
    const { ledger, client, settings } = invocation;
    const { factory, env } = settings;
    const delivery: DeliveryWithNotes | undefined = await prepareNotice(event, invocation);
    // Not `undefined` in it: the result is stored in DynamoDB, which does not accept that value.
    if (!delivery) return {};
    const [toSns, toSlack] = await readBatch(ledger, [
      whetherDelivered(event.id, "sns"),
      whetherDelivered(event.id, "slack"),
    ]);
    const delivered = { sns: toSns, slack: toSlack };
    const deliver = async (to: "sns" | "slack", send: () => Promise<void>): Promise<void> => {
      if (delivered[to]) return;
      await send();
      await recordDelivered(ledger, event.id, to);
    };
    const { notice } = delivery;
    const app = factory.notify.slack;
    const channel = app && routeNotice(app, notice);
    const slack = channel && { token: botToken(invocation), apiUrl: env.SLACK_API_URL, channel };
    const failed = await failuresOf({
      sns: deliver("sns", () => publishNotice(client(SNSClient), env.NOTICES_TOPIC_ARN, notice, event.id)),
      ...(slack && { slack: deliver("slack", () => delivery.inSlack(slack)) }),
    });
    if (failed.length > 0) {
      putMetrics({ factory: factory.name }, { NoticesFailed: failed.length });
      throw new NoticeNotDelivered(failed);
    }
    if (delivery.unkept !== undefined)
      throw new NotesNotKept(`The release notes could not be saved: ${delivery.unkept}`);
    return { told: notice.title };
  },
});
