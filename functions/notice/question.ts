import {
  type ApprovalRecord,
  approvalOf,
  listAnswers,
  messageOf,
  type QuestionMessage,
  recordQuestionMessage,
  toCountedAnswer,
} from "../../adapters/approval/approvals.ts";
import { buildOf } from "../../adapters/build/builds.ts";
import { channelOf } from "../../adapters/channel/channels.ts";
import { evidenceOf, findEvidence, gateOf } from "../../adapters/evidence/evidence.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import {
  postNotice,
  replyToMessage,
  type SlackChannel,
  type SlackMessage,
  updateNotice,
} from "../../adapters/notice/slack.ts";
import { moveOf } from "../../adapters/promotion/promotion.ts";
import type { BuildChange } from "../../core/approval/build-change.ts";
import { describeApproval, isOpen, type Question } from "../../core/approval/notice.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Notice } from "../../core/notice/notice.ts";
import type { SlackQuestion } from "../../core/notice/slack-blocks.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { ApprovalEvent } from "./notice-event.ts";

/** The notice of one event: for the topic as it is, for Slack with its own layout. */
export interface NoticeDelivery {
  readonly notice: Notice;
  /** Can be repeated, but may then post a message twice. */
  inSlack(slack: SlackChannel): Promise<void>;
}

/** What a notice is made from. */
export interface NoticeContext {
  readonly ledger: Ledger;
  readonly settings: { readonly factory: Factory };
}

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/** An approval question with its present state, and where its message is. */
interface AskedQuestion {
  readonly question: Question;
  readonly message: QuestionMessage | undefined;
}

/** Undefined where no approval was requested. */
export async function readQuestion(ledger: Ledger, subject: Subject): Promise<AskedQuestion | undefined> {
  const [record, message] = await readBatch(ledger, [approvalOf(subject), messageOf(subject)]);
  if (!record || wasNeverPut(record)) return undefined;
  const { approvers, required, expiresAt, decided } = record;
  const answers = (await listAnswers(ledger, subject)).flatMap(toCountedAnswer);
  const change = await readChange(ledger, subject);
  const question = { ...subject, approvers, required, expiresAt, answers, ...(decided && { decided }), change };
  return { question, message };
}

/** A newer build had superseded it before approval was requested. */
const wasNeverPut = ({ decided, requestedAt }: ApprovalRecord): boolean =>
  decided?.verdict === "withdrawn" && decided.at === requestedAt;

/** What a build changes for the channel's consumers, as far as known. */
async function readChange(ledger: Ledger, { image, build, channel }: Subject): Promise<BuildChange> {
  const [current, move, record, evidence, gate] = await readBatch(ledger, [
    channelOf(image, channel),
    moveOf(build, channel),
    buildOf(image, build),
    evidenceOf(build),
    gateOf(build),
  ]);
  // The channel's present build or, if that is this build, its previous one.
  const previous = current?.build === build ? move?.previous?.build : current?.build;
  return {
    image,
    triggers: record?.triggers ?? [],
    previous,
    evidence,
    evidenceBefore: previous && (await findEvidence(ledger, previous)),
    gate: gate?.reasons,
    urgent: gate?.urgent,
  };
}

interface Showing {
  readonly ledger: Ledger;
  readonly people: Factory["people"];
  readonly slack: SlackChannel;
  /** Why the build's approval no longer matters, if the ledger has no decision. */
  readonly over?: string | undefined;
}

/** Enough, because answers are rare. */
const MOST_LOOKS = 3;

/**
 * Updates the message of a question, or posts it where it does not exist. Reads the question again afterwards, so that
 * answers given meanwhile are shown and no message keeps its buttons.
 */
export async function showQuestion(asked: AskedQuestion, showing: Showing): Promise<void> {
  const { ledger, slack, over } = showing;
  let { message } = asked;
  let { question } = asked;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const shown = { ...question, over };
    const notice = describeApproval(shown, { event: "approval" });
    message = await write(slack, message, notice, isOpen(shown) ? toSlackQuestion(shown, showing.people) : undefined);
    await recordQuestionMessage(ledger, question, message);
    const now = await readQuestion(ledger, question);
    if (!now || stateOf(now.question) === stateOf(question)) return;
    question = now.question;
  }
}

const stateOf = ({ decided, answers }: Question): string => JSON.stringify([decided, answers]);

async function write(
  slack: SlackChannel,
  message: SlackMessage | undefined,
  ...content: [notice: Parameters<typeof postNotice>[1], question: SlackQuestion | undefined]
): Promise<SlackMessage> {
  if (message && (await updateNotice(slack, message, ...content))) return message;
  return postNotice(slack, ...content);
}

/** Mentions approvers who have not approved yet. */
const toSlackQuestion = (
  { build, channel, approvers, answers }: Question,
  configured: Factory["people"],
): SlackQuestion => ({
  build,
  channel,
  users: approvers
    .filter((name) => !answers.some(({ person }) => person === name))
    .flatMap((name) => configured[name]?.slack ?? []),
});

/**
 * The notice of a question in its present state, as events may be late. Its Slack message is updated; a reminder is a
 * reply to it.
 * @returns undefined where no approval was requested, or where the question is already decided when it is first asked
 * @throws NobodyAsked where an event refers to an approval that is not in the ledger
 */
export async function prepareQuestion(
  event: ApprovalEvent,
  invocation: NoticeContext,
): Promise<NoticeDelivery | undefined> {
  const { ledger, settings } = invocation;
  const kind = event["detail-type"];
  const asked = await findQuestion(event, invocation);
  if (!asked) return undefined;
  const over = kind === "promotion.superseded" ? sayNewer(event.detail.by) : undefined;
  const question = { ...asked.question, over };
  // Its decision has an event of its own.
  const asks = kind === "approval.requested" || kind === "approval.given";
  if (asks && !isOpen(question)) return undefined;
  const reminder = kind === "approval.requested" && event.detail.reminder;
  const notice = describeApproval(question, { event: kind, reminder });
  return {
    notice,
    async inSlack(slack) {
      const below = reminder ? asked.message : undefined;
      if (below) await replyToMessage(slack, below, notice);
      else await showQuestion(asked, { ledger, people: settings.factory.people, slack, over });
    },
  };
}

const sayNewer = (by: Parameters<typeof buildVersion>[0]): string =>
  `superseded by the newer build ${buildVersion(by)}`;

async function findQuestion(event: ApprovalEvent, { ledger }: NoticeContext): Promise<AskedQuestion | undefined> {
  const { image, build, channel } = event.detail;
  const subject = { image, build, channel };
  const asked = await readQuestion(ledger, subject);
  if (asked || event["detail-type"] === "promotion.superseded") return asked;
  if (event["detail-type"] !== "approval.expired") throw new NobodyAsked(event["detail-type"], subject);
  // The request was never recorded.
  const { answers } = event.detail;
  const unasked = { approvers: [], required: 1, expiresAt: event.time, decided: { verdict: "expired" as const } };
  const change = await readChange(ledger, subject);
  return { question: { ...subject, ...unasked, answers, change }, message: undefined };
}

class NobodyAsked extends Error {
  override readonly name = "NobodyAsked";

  constructor(event: string, { build, channel }: { readonly build: string; readonly channel: string }) {
    super(
      `${event} refers to ${build} and ${channel}, but the ledger has no approval request for them, so nothing is sent; expected one that request-approval recorded.`,
    );
  }
}
