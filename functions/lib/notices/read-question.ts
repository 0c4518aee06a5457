import { type ApprovalRecord, findApproval, listAnswers, toCountedAnswer } from "../../../adapters/ledger/approvals.ts";
import { buildOf } from "../../../adapters/ledger/builds.ts";
import { channelOf } from "../../../adapters/ledger/channels.ts";
import { evidenceOf, findEvidence, gateOf } from "../../../adapters/ledger/evidence.ts";
import { moveOf } from "../../../adapters/ledger/promotion.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { readTogether } from "../../../adapters/ledger/wanted.ts";
import type { Question } from "../../../core/notice-of-approvals.ts";
import type { BuildChange } from "../../../core/say-build-change.ts";
import type { BuildArn } from "../../../events/ids.ts";

export interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/** A question as the ledger has it now, and where the message is that asks it. */
export interface AskedQuestion {
  readonly question: Question;
  readonly message: ApprovalRecord["message"];
}

/** Undefined where nobody was asked. */
export async function readQuestion(ledger: Ledger, subject: Subject): Promise<AskedQuestion | undefined> {
  const record = await findApproval(ledger, subject);
  if (!record || wasNeverPut(record)) return undefined;
  const { approvers, required, expiresAt, decided, message } = record;
  const answers = (await listAnswers(ledger, subject)).flatMap(toCountedAnswer);
  const change = await readChange(ledger, subject);
  const question = { ...subject, approvers, required, expiresAt, answers, ...(decided && { decided }), change };
  return { question, message };
}

/** When it was to be asked, a newer build had taken its build's place already. */
const wasNeverPut = ({ decided, requestedAt }: ApprovalRecord): boolean =>
  decided?.verdict === "withdrawn" && decided.at === requestedAt;

/** What a build changes for those who follow a channel, as far as it is known. */
export async function readChange(ledger: Ledger, { image, build, channel }: Subject): Promise<BuildChange> {
  const [current, move, record, evidence, gate] = await readTogether(ledger, [
    channelOf(image, channel),
    moveOf(build, channel),
    buildOf(image, build),
    evidenceOf(build),
    gateOf(build),
  ]);
  // Where the channel points; where it points at this very build by now, where it pointed before.
  const previous = current?.build === build ? move?.previous?.build : current?.build;
  return {
    image,
    triggers: record?.triggers ?? [],
    previous,
    evidence,
    evidenceBefore: previous && (await findEvidence(ledger, previous)),
    gate: gate?.reasons,
  };
}
