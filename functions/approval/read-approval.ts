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
import { readBatch } from "../../adapters/ledger/reads.ts";
import { type Revocation, revocationOf } from "../../adapters/revocation/revocations.ts";
import { type ApprovalSituation, decideApproval, judgeAnswer } from "../../core/approval/decide-approval.ts";
import { findPeople, findRequesters } from "../../core/approval/find-person.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { findSuperseding, type Standing } from "../promotion/find-superseding.ts";

interface Answers {
  readonly situation: ApprovalSituation;
  /** Answers without a judgement, oldest first. */
  readonly unjudged: readonly AnswerRecord[];
}

/** An approval and its progress. */
export interface ReadApproval extends Answers {
  readonly record: ApprovalRecord;
  readonly over: Over | undefined;
}

type Reading = Pick<Invocation, "ledger" | "settings">;

async function readApproval(record: ApprovalRecord, invocation: Reading): Promise<ReadApproval> {
  const asked = [buildOf(record.image, record.build), revocationOf(record.build)] as const;
  const [build, revoked] = await readBatch(invocation.ledger, asked);
  const requesters = findRequesters(invocation.settings.factory.people, build?.triggers ?? []);
  return await readAnswers(record, { requesters, over: await findOver(record, revoked, invocation) }, invocation);
}

/** The answers to an approval whose record and image's state were just read. */
export async function readStanding(
  record: ApprovalRecord,
  { builds }: Standing,
  invocation: Reading,
): Promise<Answers> {
  const build = builds.find((one) => one.build === record.build);
  const requesters = findRequesters(invocation.settings.factory.people, build?.triggers ?? []);
  return toAnswers(await listAnswers(invocation.ledger, record), { record, requesters, over: undefined });
}

/** The same, including answers, judgements and decisions since. */
const readAgain = ({ record, situation, over }: ReadApproval, invocation: Reading): Promise<ReadApproval> =>
  readAnswers(record, { requesters: situation.requesters, over }, invocation);

async function readAnswers(
  known: ApprovalRecord,
  { requesters, over }: { requesters: readonly string[]; over: Over | undefined },
  { ledger }: Reading,
): Promise<ReadApproval> {
  const answers = await listAnswers(ledger, known);
  const record = (await findApproval(ledger, known)) ?? known;
  return { record, ...toAnswers(answers, { record, requesters, over }), over };
}

const toAnswers = (
  answers: readonly AnswerRecord[],
  { record, requesters, over }: Pick<ReadApproval, "record" | "over"> & Pick<ApprovalSituation, "requesters">,
): Answers => ({
  situation: { ...record, requesters, counted: answers.flatMap(toCountedAnswer), over: over?.reason },
  unjudged: answers.filter(({ judgement }) => !judgement),
});

/** Why a build's approval no longer matters. */
interface Over {
  readonly reason: string;
  /** The build that supersedes it. */
  readonly by?: BuildArn;
  /** The approval is closed. Otherwise it may continue after a config change. */
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
  { ledger, settings }: Pick<Invocation, "ledger" | "settings">,
  state?: Standing,
): Promise<Over | undefined> {
  if (revoked !== undefined) return { reason: `${buildVersion(build)} is revoked: ${revoked.reason}`, ends: true };
  const channels = settings.factory.images[image]?.channels.map(({ name }) => name) ?? [];
  if (!channels.includes(channel)) {
    const known = channels.length > 0 ? `; it has ${channels.join(", ")}` : "";
    return { reason: `the config of ${image} no longer has a channel "${channel}"${known}`, ends: false };
  }
  const by = await findSuperseding({ image, build, channel }, { ledger, settings }, state);
  return by && { reason: `${buildVersion(by)} supersedes it`, by, ends: true };
}

/**
 * Judges the open answers, oldest first, and decides as soon as they suffice. Safe to repeat and to run concurrently:
 * an answer is judged once, the first decision stays, and everything is read again after each judgement, so that the
 * last run has seen all.
 */
export async function judgeAnswers(record: ApprovalRecord, invocation: Invocation): Promise<ReadApproval> {
  let read = await decide(await readApproval(record, invocation), invocation);
  for (let [answer] = read.unjudged; answer; [answer] = read.unjudged) {
    const people = findPeople(invocation.settings.factory.people, answer.identity);
    await recordJudgement(invocation.ledger, record, answer, judgeAnswer(read.situation, { ...answer, people }));
    read = await decide(await readAgain(read, invocation), invocation);
  }
  const { over } = read;
  if (!over?.ends || read.record.decided) return read;
  return await keepDecision(
    read,
    { verdict: "withdrawn", reason: over.reason, ...(over.by && { by: over.by }) },
    invocation,
  );
}

async function decide(read: ReadApproval, invocation: Invocation): Promise<ReadApproval> {
  if (read.record.decided) return read;
  const verdict = decideApproval(read.situation);
  return verdict ? await keepDecision(read, { verdict }, invocation) : read;
}

type Decided = NonNullable<ApprovalRecord["decided"]>;

/** Another invocation may have decided at the same moment: the ledger's decision counts. */
export async function keepDecision(
  read: ReadApproval,
  decision: Omit<Decided, "at" | "owner">,
  invocation: Invocation,
): Promise<ReadApproval> {
  const { ledger, now, requestId } = invocation;
  await recordDecision(ledger, read.record, { ...decision, at: now.toISOString(), owner: requestId });
  return await readAgain(read, invocation);
}
