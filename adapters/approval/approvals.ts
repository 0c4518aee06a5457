import * as z from "zod";
import { approvalVerdicts, refusalCodes } from "../../core/approval/decide-approval.ts";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { Answer } from "../../events/approval.ts";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { absent, type Ledger, present, query } from "../ledger/table.ts";
import { read, readTogether, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";
import { announceWork } from "../repair/looks.ts";

const openApprovalWriter = /* @__PURE__ */ writer("openApproval");
const approvalWriter = /* @__PURE__ */ writer("approval");
const answerWriter = /* @__PURE__ */ writer("answer");
const slackRequestWriter = /* @__PURE__ */ writer("slackRequest");

const approval = z.object({
  image: z.string(),
  build: buildArn,
  channel: z.string(),
  /** By which Step Functions knows the wait. It is in no message, no event and no log. */
  token: z.string().min(1),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** When people are asked again; left out, they are not. */
  remindAt: z.iso.datetime().optional(),
  remindedAt: z.iso.datetime().optional(),
  approvers: z.array(z.string()).min(1),
  required: z.int().min(1),
  decided: z
    .object({
      verdict: z.enum(approvalVerdicts),
      at: z.iso.datetime(),
      /** The Lambda request that decided: what follows is its retry's to do, or `reconcile`'s. */
      owner: z.string(),
      /** Why people were not asked to the end. */
      reason: z.string().optional(),
      /** The build that takes its place. */
      by: buildArn.optional(),
    })
    .optional(),
  /** Everything that follows from the decision has been done: Step Functions told, event put. */
  settled: z.boolean().optional(),
  /** The Slack message that asks, to be kept up to date. */
  message: z.object({ channel: z.string(), ts: z.string() }).optional(),
});

/** That a promotion waits for people before a channel, and how that ended. */
export type ApprovalRecord = z.output<typeof approval>;
type Subject = Pick<ApprovalRecord, "build" | "channel">;

const key = ({ build, channel }: Subject) => keyOf("approval", { build, channel });
/** Of those that are not settled, for `reconcile`. */
const openKey = ({ build, channel }: Subject) => keyOf("openApproval", { build, channel });

export const approvalOf = (subject: Subject): Wanted<ApprovalRecord | undefined> => wanted(key(subject), approval);

export const findApproval = (ledger: Ledger, subject: Subject): Promise<ApprovalRecord | undefined> =>
  read(ledger, approvalOf(subject));

/** All that a build's promotion asked for. */
export const findApprovals = async (ledger: Ledger, build: BuildArn): Promise<ApprovalRecord[]> =>
  (await query(ledger, below("approval", { build }))).map((item) => approval.parse(item));

const open = z.object({ build: buildArn, channel: z.string() });

/** Those that are not settled. One that is listed and not found was never recorded: its request died half-way. */
export async function listOpenApprovals(ledger: Ledger): Promise<ApprovalRecord[]> {
  const listed = (await query(ledger, below("openApproval"))).map((item) => open.parse(item));
  const found = await readTogether(ledger, listed.map(approvalOf));
  return found.filter((one) => one !== undefined);
}

/**
 * Keeps what is asked, and the newest token: Step Functions gives another one with each try. Listed first, so that what
 * is recorded is never forgotten.
 * @returns false where it is decided already; then only the token is kept
 */
export async function openApproval(
  ledger: Ledger,
  { token, ...asked }: Omit<ApprovalRecord, "decided" | "settled" | "message" | "remindedAt">,
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

/** The first decision stays. @returns false where there was one */
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

/** @returns false where somebody else reminds at this very moment */
export const recordReminded = (ledger: Ledger, subject: Subject, remindedAt: string): Promise<boolean> =>
  approvalWriter.set(ledger, key(subject), { remindedAt }, { expression: "attribute_not_exists(remindedAt)" });

const answer = z.object({
  id: z.string().min(1),
  identity: z.union([z.strictObject({ slack: z.string() }), z.strictObject({ principal: z.string() })]),
  /** What Slack calls the user; IAM's ARNs say it themselves. */
  name: z.string().optional(),
  verdict: z.enum(["approved", "rejected"]),
  reason: z.string().min(1).max(500).optional(),
  via: z.enum(["slack", "cli"]),
  at: z.iso.datetime(),
  /** What became of it; absent for the moment in which that is decided. */
  judgement: z
    .discriminatedUnion("outcome", [
      z.object({ outcome: z.literal("counted"), person: z.string() }),
      z.object({ outcome: z.literal("refused"), code: z.enum(refusalCodes), reason: z.string() }),
    ])
    .optional(),
});

/** An answer that somebody gave, whoever that is; refused ones are kept, too. */
export type AnswerRecord = z.output<typeof answer>;

const answerKey = ({ build, channel }: Subject, { at, id }: Pick<AnswerRecord, "at" | "id">) =>
  keyOf("answer", { build, channel, at, id });

/** @returns false where this very answer is kept already */
export const recordAnswer = (ledger: Ledger, subject: Subject, given: AnswerRecord): Promise<boolean> =>
  answerWriter.put(ledger, answerKey(subject, given), given, absent);

/** Oldest first. */
export const listAnswers = async (ledger: Ledger, { build, channel }: Subject): Promise<AnswerRecord[]> =>
  (await query(ledger, below("answer", { build, channel }))).map((item) => answer.parse(item));

/** An answer as events tell it; none where it does not count. */
export function toCountedAnswer({ judgement, verdict, reason, via, at }: AnswerRecord): Answer[] {
  if (judgement?.outcome !== "counted") return [];
  return [{ person: judgement.person, verdict, ...(reason && { reason }), via, at }];
}

/** An answer is judged once. @returns false where it was */
export const recordJudgement = (
  ledger: Ledger,
  subject: Subject,
  given: AnswerRecord,
  judgement: NonNullable<AnswerRecord["judgement"]>,
): Promise<boolean> =>
  answerWriter.set(ledger, answerKey(subject, given), { judgement }, { expression: "attribute_not_exists(judgement)" });

/** Where the message that asks is, to be updated in place. */
export const recordApprovalMessage = (
  ledger: Ledger,
  subject: Subject,
  message: NonNullable<ApprovalRecord["message"]>,
): Promise<boolean> => approvalWriter.set(ledger, key(subject), { message }, present);

/** Slack's requests are good once. Longer than they could be sent again. */
const REMEMBERED_SECONDS = 15 * 60;

/** @param signature of a request that is known to be Slack's. @returns false where it came before */
export const claimSlackRequest = (ledger: Ledger, signature: string, now: Date): Promise<boolean> =>
  slackRequestWriter.put(
    ledger,
    keyOf("slackRequest", { signature }),
    { expires: Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS },
    absent,
  );
