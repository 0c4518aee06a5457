import { type ApprovalRecord, recordDecision, recordJudgement } from "../../../adapters/ledger/approvals.ts";
import { decideApproval, judgeAnswer } from "../../../core/decide-approval.ts";
import { findPeople } from "../../../core/find-person.ts";
import type { Step } from "../step.ts";
import { type ReadApproval, readAgain, readApproval } from "./read-approval.ts";

/**
 * Judges the answers that nobody has judged yet, oldest first, and decides as soon as they come to a decision. All of it
 * can be done twice and by several at once: an answer is judged once, the first decision stays, and after each judgement
 * everything is read again, so that whoever is last has seen all.
 */
export async function judgeAnswers(record: ApprovalRecord, step: Step): Promise<ReadApproval> {
  let read = await decide(await readApproval(record, step), step);
  for (let [answer] = read.unjudged; answer; [answer] = read.unjudged) {
    const people = findPeople(step.settings.factory.people, answer.identity);
    await recordJudgement(step.ledger, record, answer, judgeAnswer(read.situation, { ...answer, people }));
    read = await decide(await readAgain(read, step), step);
  }
  const { over } = read;
  if (!over?.ends || read.record.decided) return read;
  return await keepDecision(read, { verdict: "withdrawn", reason: over.reason, ...(over.by && { by: over.by }) }, step);
}

async function decide(read: ReadApproval, step: Step): Promise<ReadApproval> {
  if (read.record.decided) return read;
  const verdict = decideApproval(read.situation);
  return verdict ? await keepDecision(read, { verdict }, step) : read;
}

type Decided = NonNullable<ApprovalRecord["decided"]>;

/** Somebody else may have decided at the same moment: what the ledger has is what counts. */
export async function keepDecision(
  read: ReadApproval,
  decision: Omit<Decided, "at" | "owner">,
  step: Step,
): Promise<ReadApproval> {
  const { ledger, now, requestId } = step;
  await recordDecision(ledger, read.record, { ...decision, at: now.toISOString(), owner: requestId });
  return await readAgain(read, step);
}
