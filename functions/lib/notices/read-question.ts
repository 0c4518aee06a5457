import { type ApprovalRecord, findApproval, listAnswers, toCountedAnswer } from "../../../adapters/ledger/approvals.ts";
import { findBuild } from "../../../adapters/ledger/builds.ts";
import { findChannel } from "../../../adapters/ledger/channels.ts";
import { findEvidence, findGate } from "../../../adapters/ledger/evidence.ts";
import { findMove } from "../../../adapters/ledger/promotion.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
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

/** What a build changes for whoever follows a channel, as far as anybody knows. */
export async function readChange(ledger: Ledger, { image, build, channel }: Subject): Promise<BuildChange> {
  const previous = await findPrevious(ledger, { image, build, channel });
  return {
    image,
    triggers: (await findBuild(ledger, image, build))?.triggers ?? [],
    previous,
    evidence: await findEvidence(ledger, build),
    evidenceBefore: previous && (await findEvidence(ledger, previous)),
    gate: (await findGate(ledger, build))?.reasons,
  };
}

/** Where the channel points; where it points at this very build by now, where it pointed before. */
async function findPrevious(ledger: Ledger, { image, build, channel }: Subject): Promise<BuildArn | undefined> {
  const current = (await findChannel(ledger, image, channel))?.build;
  return current === build ? (await findMove(ledger, build, channel))?.previous?.build : current;
}
