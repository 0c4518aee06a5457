import * as z from "zod";
import { listAnswers } from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { replyInSlack } from "../../adapters/notice/slack-reply.ts";
import { sayOutcome } from "../../core/approval/slack-answer.ts";
import { imageOf } from "../../core/build/build-arn.ts";
import { approvalGiven } from "../../events/approval.ts";
import { buildArn, channelName } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import type { ReadApproval } from "./read-approval.ts";
import { resolveApproval } from "./settle-approval.ts";

const input = z.strictObject({
  build: buildArn,
  channel: channelName,
  /** The answer whose outcome is returned. */
  answer: z.string().optional(),
  /** Where Slack accepts a reply to the approver. */
  responseUrl: z.url().optional(),
  /** From `reconcile`: finish whatever another invocation left unfinished. */
  repair: z.boolean().default(false),
});

/** Publishes the answers so far where more are required; a decision has its own event. */
async function publishProgress(
  { record, situation, over }: ReadApproval,
  { bus }: Pick<Invocation, "bus">,
): Promise<void> {
  if (record.decided || over) return;
  const { image, build, channel } = record;
  await putEvent(bus, approvalGiven, { image, build, channel, answers: [...situation.counted] });
}

/** Decides by the received answers, reports the decision to Step Functions, and the outcome to the approver. */
export const handler = lambda({
  input,
  env: ["SLACK_API_URL"],
  async run({ build, channel, answer: id, responseUrl, repair }, invocation) {
    const subject = { build, channel };
    const judged = await resolveApproval(subject, invocation, { repair });
    const answer = (await listAnswers(invocation.ledger, subject)).find((one) => one.id === id);
    if (!answer?.judgement) return { decided: judged?.record.decided?.verdict };
    const image = imageOf(invocation.settings.factory, build) ?? "the build";
    const text = sayOutcome({ image, ...subject }, answer.judgement, judged?.situation);
    if (judged && answer.judgement.outcome === "counted") await publishProgress(judged, invocation);
    if (responseUrl) await replyInSlack(responseUrl, invocation.settings.env.SLACK_API_URL, text);
    return { decided: judged?.record.decided?.verdict, outcome: answer.judgement.outcome, text };
  },
});
