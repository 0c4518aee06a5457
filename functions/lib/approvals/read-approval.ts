import {
  type AnswerRecord,
  type ApprovalRecord,
  findApproval,
  listAnswers,
  toCountedAnswer,
} from "../../../adapters/ledger/approvals.ts";
import { buildOf } from "../../../adapters/ledger/builds.ts";
import { revocationOf } from "../../../adapters/ledger/revocations.ts";
import { readTogether } from "../../../adapters/ledger/wanted.ts";
import type { ApprovalSituation } from "../../../core/decide-approval.ts";
import { findRequesters } from "../../../core/find-person.ts";
import type { Step } from "../step.ts";
import { findOver, type Over } from "./find-over.ts";

/** An approval, and how far it has come. */
export interface ReadApproval {
  readonly record: ApprovalRecord;
  readonly situation: ApprovalSituation;
  /** Answers that nobody has judged yet, oldest first. */
  readonly unjudged: readonly AnswerRecord[];
  readonly over: Over | undefined;
}

type Reading = Pick<Step, "ledger" | "settings">;

export async function readApproval(record: ApprovalRecord, step: Reading): Promise<ReadApproval> {
  const asked = [buildOf(record.image, record.build), revocationOf(record.build)] as const;
  const [build, revoked] = await readTogether(step.ledger, asked);
  const requesters = findRequesters(step.settings.factory.people, build?.triggers ?? []);
  return await readAnswers(record, { requesters, over: await findOver(record, revoked, step) }, step);
}

/** The same, with what was answered, judged and decided meanwhile. */
export const readAgain = ({ record, situation, over }: ReadApproval, step: Reading): Promise<ReadApproval> =>
  readAnswers(record, { requesters: situation.requesters, over }, step);

async function readAnswers(
  known: ApprovalRecord,
  { requesters, over }: { requesters: readonly string[]; over: Over | undefined },
  { ledger }: Reading,
): Promise<ReadApproval> {
  const answers = await listAnswers(ledger, known);
  const record = (await findApproval(ledger, known)) ?? known;
  return {
    record,
    situation: { ...record, requesters, counted: answers.flatMap(toCountedAnswer), over: over?.reason },
    unjudged: answers.filter(({ judgement }) => !judgement),
    over,
  };
}
