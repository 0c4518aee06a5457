import { type AnswerRecord, findApproval, listAnswers, recordJudgement } from "../../../adapters/ledger/approvals.ts";
import { isOverdue } from "../../../core/follow-approval.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import { judgeAnswers, keepDecision } from "./judge-answers.ts";
import type { ReadApproval } from "./read-approval.ts";
import { settleApproval } from "./settle-approval.ts";

interface Subject {
  readonly build: BuildArn;
  readonly channel: string;
}

/**
 * Makes of all answers to one approval what follows from them. Whoever decided settles; where that died half-way, whoever
 * repairs.
 * @returns undefined where nothing was ever asked; answers to nothing are kept as refused
 */
export async function resolveApproval(
  subject: Subject,
  step: Step,
  { repair = false } = {},
): Promise<ReadApproval | undefined> {
  const record = await findApproval(step.ledger, subject);
  if (!record) {
    await refuseAll(subject, step);
    return undefined;
  }
  let judged = await judgeAnswers(record, step);
  if (repair && isOverdue(judged.record, step.now)) {
    judged = await keepDecision(judged, { verdict: "expired" }, step);
  }
  if (repair || judged.record.decided?.owner === step.requestId) await settleApproval(judged, step);
  return judged;
}

async function refuseAll(subject: Subject, { ledger }: Step): Promise<void> {
  for (const answer of await listAnswers(ledger, subject)) {
    if (!answer.judgement) await recordJudgement(ledger, subject, answer, notWaiting(subject));
  }
}

const notWaiting = ({ channel }: Subject): NonNullable<AnswerRecord["judgement"]> => ({
  outcome: "refused",
  code: "not-waiting",
  reason: `nobody was asked whether this build enters ${channel}`,
});
