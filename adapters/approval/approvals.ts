import * as z from "zod";
import { approvalVerdicts, refusalCodes } from "../../core/approval/decide-approval.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { Answer } from "../../events/approval.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { combineReads, itemRead, type LedgerRead, read, readBatch } from "../ledger/reads.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { announceWork } from "../repair/drift-checks.ts";

const openApprovalWriter = /* @__PURE__ */ writer("openApproval");
const approvalWriter = /* @__PURE__ */ writer("approval");
const slackAnswerWriter = /* @__PURE__ */ writer("slackAnswer");
const iamAnswerWriter = /* @__PURE__ */ writer("iamAnswer");
const judgementWriter = /* @__PURE__ */ writer("judgement");
const reminderWriter = /* @__PURE__ */ writer("reminder");
const questionWriter = /* @__PURE__ */ writer("question");
const slackRequestWriter = /* @__PURE__ */ writer("slackRequest");

const approval = z.object({
  image: z.string(),
  build: buildArn,
  channel: z.string(),
  /** Step Functions' task token. It must not appear in messages, events or logs. */
  token: z.string().min(1),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** When approvers are reminded, if at all. */
  remindAt: z.iso.datetime().optional(),
  approvers: z.array(z.string()).min(1),
  required: z.int().min(1),
  decided: z
    .object({
      verdict: z.enum(approvalVerdicts),
      at: z.iso.datetime(),
      /** The Lambda request that decided: its retry, or `reconcile`, acts on the decision. */
      owner: z.string(),
      /** Why the approval was closed early. */
      reason: z.string().optional(),
      /** The build that supersedes it. */
      by: buildArn.optional(),
    })
    .optional(),
  /** All actions on the decision are complete: Step Functions notified, event published. */
  settled: z.boolean().optional(),
});

/** A promotion's approval for a channel, and its outcome. */
export type ApprovalRecord = z.output<typeof approval>;
type Subject = Pick<ApprovalRecord, "build" | "channel">;

const key = ({ build, channel }: Subject) => keyOf("approval", { build, channel });
/** For unsettled ones, read by `reconcile`. */
const openKey = ({ build, channel }: Subject) => keyOf("openApproval", { build, channel });

export const approvalOf = (subject: Subject): LedgerRead<ApprovalRecord | undefined> =>
  itemRead(key(subject), approval);

export const findApproval = (ledger: Ledger, subject: Subject): Promise<ApprovalRecord | undefined> =>
  read(ledger, approvalOf(subject));

/** All approvals of a build. */
export const findApprovals = async (ledger: Ledger, build: BuildArn): Promise<ApprovalRecord[]> =>
  (await query(ledger, below("approval", { build }))).map((item) => approval.parse(item));

const open = z.object({ build: buildArn, channel: z.string() });

/** An approval, and when its approvers were reminded, if they were. */
export interface OpenApproval extends ApprovalRecord {
  readonly remindedAt?: string;
}

/** The unsettled ones. A listed one without a record was never recorded: its request crashed. */
export const listOpenApprovals = async (ledger: Ledger): Promise<OpenApproval[]> =>
  (await listOpenWith(ledger, () => nothing)).map(([one]) => one);

const nothing: LedgerRead<undefined> = { keys: [], parse: () => undefined };

/** The same, each with what else is wanted for it, in the same call. */
export async function listOpenWith<Found>(
  ledger: Ledger,
  moreOf: (listed: Subject) => LedgerRead<Found>,
): Promise<(readonly [OpenApproval, Found])[]> {
  const listed = (await query(ledger, below("openApproval"))).map((item) => open.parse(item));
  const found = await readBatch(
    ledger,
    listed.map((one) => {
      const asked = combineReads(
        approvalOf(one),
        reminderOf(one),
        (record, reminded) => record && { ...record, ...reminded },
      );
      return combineReads(asked, moreOf(one), (record, more) => record && ([record, more] as const));
    }),
  );
  return found.filter((one) => one !== undefined);
}

const reminder = z.object({ remindedAt: z.iso.datetime() });
const reminderKey = ({ build, channel }: Subject) => keyOf("reminder", { build, channel });
const reminderOf = (subject: Subject) => itemRead(reminderKey(subject), reminder);

/**
 * Records the request, with the newest token: Step Functions creates one for each try. Listed first, so that a recorded
 * approval is never lost.
 * @returns false where it is already decided; then only the token is recorded
 */
export async function openApproval(
  ledger: Ledger,
  { token, ...asked }: Omit<ApprovalRecord, "decided" | "settled">,
): Promise<boolean> {
  const { build, channel } = asked;
  await announceWork(ledger, "approvals", asked.requestedAt);
  await openApprovalWriter.put(ledger, openKey(asked), { build, channel });
  if (
    await approvalWriter.set(ledger, key(asked), { ...asked, token }, { expression: "attribute_not_exists(decided)" })
  )
    return true;
  await approvalWriter.set(ledger, key(asked), { token, settled: false });
  return false;
}

/** Keeps the first decision. @returns false where one exists */
export const recordDecision = (
  ledger: Ledger,
  subject: Subject,
  decided: NonNullable<ApprovalRecord["decided"]>,
): Promise<boolean> =>
  approvalWriter.set(
    ledger,
    key(subject),
    { decided },
    { expression: "attribute_exists(pk) AND attribute_not_exists(decided)" },
  );

export async function recordSettled(ledger: Ledger, subject: Subject): Promise<void> {
  await approvalWriter.set(ledger, key(subject), { settled: true });
  await openApprovalWriter.remove(ledger, openKey(subject));
}

/** @returns false where another invocation has just sent the reminder */
export const recordReminded = (ledger: Ledger, subject: Subject, remindedAt: string): Promise<boolean> =>
  reminderWriter.set(ledger, reminderKey(subject), { remindedAt }, absent);

const given = z.object({
  id: z.string().min(1),
  verdict: z.enum(["approved", "rejected"]),
  reason: z.string().min(1).max(500).optional(),
  at: z.iso.datetime(),
});
const slackAnswer = given.extend({
  identity: z.strictObject({ slack: z.string() }),
  /** The user's name in Slack. */
  name: z.string().optional(),
});
const iamAnswer = given.extend({ identity: z.strictObject({ principal: z.string() }) });
const judgement = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("counted"), person: z.string() }),
  z.object({ outcome: z.literal("refused"), code: z.enum(refusalCodes), reason: z.string() }),
]);
type Judgement = z.output<typeof judgement>;

type SlackAnswer = z.output<typeof slackAnswer>;
type IamAnswer = z.output<typeof iamAnswer>;

/** `judgement`: its result; absent until it is judged. */
const answer = z.discriminatedUnion("via", [
  slackAnswer.extend({ via: z.literal("slack"), judgement: judgement.optional() }),
  iamAnswer.extend({ via: z.literal("cli"), judgement: judgement.optional() }),
]);

/** An answer from any sender; refused ones are stored, too. */
export type AnswerRecord = z.output<typeof answer>;

type Answered = Subject & Pick<AnswerRecord, "at" | "id">;
const answered = ({ build, channel }: Subject, { at, id }: Pick<AnswerRecord, "at" | "id">): Answered => ({
  build,
  channel,
  at,
  id,
});

/** Announces the answer, then records it. @returns false where this answer is already recorded */
export async function recordSlackAnswer(ledger: Ledger, subject: Subject, one: SlackAnswer): Promise<boolean> {
  await announceWork(ledger, "answers", one.at);
  return slackAnswerWriter.put(ledger, keyOf("slackAnswer", answered(subject, one)), one, absent);
}

/** Announces the answer, then records it. @returns false where this answer is already recorded */
export async function recordIamAnswer(ledger: Ledger, subject: Subject, one: IamAnswer): Promise<boolean> {
  await announceWork(ledger, "answers", one.at);
  return iamAnswerWriter.put(ledger, keyOf("iamAnswer", answered(subject, one)), one, absent);
}

/**
 * Oldest first. The partition separates Slack's answers from IAM's: only the function that receives them writes there.
 */
export async function listAnswers(ledger: Ledger, { build, channel }: Subject): Promise<AnswerRecord[]> {
  const of = { build, channel };
  const [earlier, bySlack, byIam] = await Promise.all([
    query(ledger, below("answer", of)),
    query(ledger, below("slackAnswer", of)),
    query(ledger, below("iamAnswer", of)),
  ]);
  const isAny = earlier.length + bySlack.length + byIam.length > 0;
  const judged = isAny ? await query(ledger, below("judgement", of)) : [];
  const judgements = new Map(judged.map(({ sk, ...item }) => [sk, judgement.parse(item)]));
  const parse = (item: Record<string, unknown>, more: object) =>
    // Only a judgement's record counts, whatever the answer's own record contains.
    [String(item.sk), answer.parse({ ...item, judgement: judgements.get(item.sk), ...more })] as const;
  const all = [
    ...earlier.map((item) => parse(item, item.judgement ? { judgement: item.judgement } : {})),
    ...bySlack.map((item) => parse(item, { via: "slack" })),
    ...byIam.map((item) => parse(item, { via: "cli" })),
  ];
  return all.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
}

/** An approval with all answers to it. */
export interface AnsweredApproval extends ApprovalRecord {
  readonly answers: readonly AnswerRecord[];
}

/** All approvals that a build's promotion requested, with their answers, in the order of the requests. */
export async function findAnswered(ledger: Ledger, build: BuildArn): Promise<AnsweredApproval[]> {
  const asked = (await findApprovals(ledger, build)).toSorted((a, b) => a.requestedAt.localeCompare(b.requestedAt));
  return Promise.all(asked.map(async (one) => ({ ...one, answers: await listAnswers(ledger, one) })));
}

/** An answer as in events; empty where it does not count. */
export function toCountedAnswer({ judgement: judged, verdict, reason, via, at }: AnswerRecord): Answer[] {
  if (judged?.outcome !== "counted") return [];
  return [{ person: judged.person, verdict, ...(reason && { reason }), via, at }];
}

/** Records an answer's only judgement. @returns false where one exists */
export const recordJudgement = (
  ledger: Ledger,
  subject: Subject,
  one: Pick<AnswerRecord, "at" | "id">,
  judged: Judgement,
): Promise<boolean> => judgementWriter.set(ledger, keyOf("judgement", answered(subject, one)), judged, absent);

const message = z.object({ channel: z.string(), ts: z.string() });

/** The Slack message with the question. */
export type QuestionMessage = z.output<typeof message>;

const messageKey = ({ build, channel }: Subject) => keyOf("question", { build, channel });
export const messageOf = (subject: Subject): LedgerRead<QuestionMessage | undefined> =>
  itemRead(messageKey(subject), message);

/** Records the message with the question, which is updated in place. */
export const recordQuestionMessage = (ledger: Ledger, subject: Subject, posted: QuestionMessage): Promise<boolean> =>
  questionWriter.set(ledger, messageKey(subject), posted);

/** A Slack request is accepted once. Longer than Slack's signatures are valid. */
const REMEMBERED_SECONDS = 15 * 60;

/** @param signature of a verified Slack request. @returns false where it was received before */
export const claimSlackRequest = (ledger: Ledger, signature: string, now: Date): Promise<boolean> =>
  slackRequestWriter.put(
    ledger,
    keyOf("slackRequest", { signature }),
    { expires: Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS },
    absent,
  );
