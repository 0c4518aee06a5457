import {
  type AnswerRecord,
  type ApprovalRecord,
  findApproval,
  listAnswers,
  recordDecision,
  recordJudgement,
  toCountedAnswer,
} from "../../adapters/approval/approvals.ts";
import { buildOf } from "../../adapters/build/builds.ts";
import { readTogether } from "../../adapters/ledger/wanted.ts";
import { type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import { type ApprovalSituation, decideApproval, judgeAnswer } from "../../core/approval/decide-approval.ts";
import { findPeople, findRequesters } from "../../core/approval/find-person.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { BuildArn } from "../../events/ids.ts";
import { findSuperseding } from "../promotion/find-superseding.ts";
import type { Step } from "../step.ts";

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
const readAgain = ({ record, situation, over }: ReadApproval, step: Reading): Promise<ReadApproval> =>
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

/** Why a build goes no further, whatever people say. */
interface Over {
  readonly reason: string;
  /** The build that takes its place. */
  readonly by?: BuildArn;
  /** Nobody needs to be asked any more. Otherwise it may go on when the config does. */
  readonly ends: boolean;
}

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

export async function findOver(
  { image, build, channel }: Subject,
  revoked: Revocation | undefined,
  { ledger, settings }: Pick<Step, "ledger" | "settings">,
): Promise<Over | undefined> {
  if (revoked !== undefined) return { reason: `${buildVersion(build)} is revoked: ${revoked.reason}`, ends: true };
  const channels = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
  if (!channels.includes(channel)) {
    const known = channels.length > 0 ? `; it has ${channels.join(", ")}` : "";
    return { reason: `the config of ${image} has no channel "${channel}" any more${known}`, ends: false };
  }
  const by = await findSuperseding({ image, build, channel }, { ledger, settings });
  return by && { reason: `${buildVersion(by)} takes its place`, by, ends: true };
}

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
