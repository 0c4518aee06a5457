import { SFNClient } from "@aws-sdk/client-sfn";
import {
  type AnswerRecord,
  findApproval,
  listAnswers,
  recordJudgement,
  recordSettled,
} from "../../adapters/approval/approvals.ts";
import { putEvent } from "../../adapters/bus.ts";
import { recordAgreement } from "../../adapters/evidence/evidence.ts";
import { answerTask } from "../../adapters/promotion/executions.ts";
import { isOverdue } from "../../core/approval/decide-approval.ts";
import { approvalDenied, approvalExpired, approvalGranted } from "../../events/approval.ts";
import type { BuildArn } from "../../events/ids.ts";
import { promotionSuperseded } from "../../events/promotion.ts";
import type { Invocation } from "../invocation.ts";
import { judgeAnswers, keepDecision, type ReadApproval } from "./read-approval.ts";

interface Subject {
  readonly build: BuildArn;
  readonly channel: string;
}

/**
 * Judges all answers to one approval and acts on the result. The invocation that decided also settles; after a crash,
 * the repair does.
 * @returns undefined where no approval was requested; its answers are recorded as refused
 */
export async function resolveApproval(
  subject: Subject,
  invocation: Invocation,
  { repair = false } = {},
): Promise<ReadApproval | undefined> {
  const record = await findApproval(invocation.ledger, subject);
  if (!record) {
    await refuseAll(subject, invocation);
    return undefined;
  }
  let judged = await judgeAnswers(record, invocation);
  if (repair && isOverdue(judged.record, invocation.now)) {
    judged = await keepDecision(judged, { verdict: "expired" }, invocation);
  }
  if (repair || judged.record.decided?.owner === invocation.requestId) await settleApproval(judged, invocation);
  return judged;
}

async function refuseAll(subject: Subject, { ledger }: Invocation): Promise<void> {
  for (const answer of await listAnswers(ledger, subject)) {
    if (!answer.judgement) await recordJudgement(ledger, subject, answer, notWaiting(subject));
  }
}

const notWaiting = ({ channel }: Subject): NonNullable<AnswerRecord["judgement"]> => ({
  outcome: "refused",
  code: "not-waiting",
  reason: `no approval of this build for ${channel} was requested`,
});

/**
 * Acts on a decision: the promotion continues or ends, and an event is published. After a crash the approval stays
 * unsettled, and all of it is repeated.
 */
export async function settleApproval({ record, situation }: ReadApproval, invocation: Invocation): Promise<void> {
  const { image, build, channel, token, decided } = record;
  if (!decided) return;
  const { ledger, bus, client } = invocation;
  // A crash may have left a settled approval in the list of open ones.
  if (record.settled) return void (await recordSettled(ledger, record));
  const subject = { image, build, channel };
  const answers = [...situation.counted];
  const goOn = () => answerTask(client(SFNClient), token, { verdict: decided.verdict });
  switch (decided.verdict) {
    case "granted":
      await recordAgreement(
        ledger,
        build,
        answers.map(({ person }) => person),
      );
      await goOn();
      await putEvent(bus, approvalGranted, { ...subject, answers });
      break;
    case "denied":
      await goOn();
      await putEvent(bus, approvalDenied, { ...subject, answers });
      break;
    case "withdrawn":
      await goOn();
      // The revocation has its own notice.
      if (decided.by) await putEvent(bus, promotionSuperseded, { ...subject, by: decided.by });
      break;
    case "expired":
      await putEvent(bus, approvalExpired, { ...subject, answers });
      break;
  }
  await recordSettled(ledger, record);
}
