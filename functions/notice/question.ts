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
import type { Ledger } from "../../adapters/ledger/table.ts";
import { readTogether } from "../../adapters/ledger/wanted.ts";
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
import type { AskedEvent } from "./notice-event.ts";

/** What is told of one event: to the topic as it is, and in Slack as fits. */
export interface Telling {
  readonly notice: Notice;
  /** Can be done again, at the price of a message told twice. */
  inSlack(slack: SlackChannel): Promise<void>;
}

/** What is asked to tell an event. */
export interface TellingStep {
  readonly ledger: Ledger;
  readonly settings: { readonly factory: Factory };
}

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/** A question as the ledger has it now, and where the message is that asks it. */
interface AskedQuestion {
  readonly question: Question;
  readonly message: QuestionMessage | undefined;
}

/** Undefined where nobody was asked. */
export async function readQuestion(ledger: Ledger, subject: Subject): Promise<AskedQuestion | undefined> {
  const [record, message] = await readTogether(ledger, [approvalOf(subject), messageOf(subject)]);
  if (!record || wasNeverPut(record)) return undefined;
  const { approvers, required, expiresAt, decided } = record;
  const answers = (await listAnswers(ledger, subject)).flatMap(toCountedAnswer);
  const change = await readChange(ledger, subject);
  const question = { ...subject, approvers, required, expiresAt, answers, ...(decided && { decided }), change };
  return { question, message };
}

/** When it was to be asked, a newer build had taken its build's place already. */
const wasNeverPut = ({ decided, requestedAt }: ApprovalRecord): boolean =>
  decided?.verdict === "withdrawn" && decided.at === requestedAt;

/** What a build changes for those who follow a channel, as far as it is known. */
async function readChange(ledger: Ledger, { image, build, channel }: Subject): Promise<BuildChange> {
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

interface Showing {
  readonly ledger: Ledger;
  readonly people: Factory["people"];
  readonly slack: SlackChannel;
  /** Why the build goes no further, where that is not the ledger's decision. */
  readonly over?: string | undefined;
}

/** People answer seldom: nobody needs to look more often whether they did meanwhile. */
const MOST_LOOKS = 3;

/**
 * Brings the one message about a question up to date, or posts it where there is none (any more). Whoever answered while
 * it was written is seen afterwards, so that no message keeps its buttons.
 */
export async function showQuestion(asked: AskedQuestion, showing: Showing): Promise<void> {
  const { ledger, people, slack, over } = showing;
  let { message } = asked;
  let { question } = asked;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const shown = { ...question, over };
    const notice = describeApproval(shown, { event: "approval" });
    message = await write(slack, message, notice, isOpen(shown) ? toSlackQuestion(shown, people) : undefined);
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

/** Whoever has agreed already is not called any more. */
const toSlackQuestion = (
  { build, channel, approvers, answers }: Question,
  people: Factory["people"],
): SlackQuestion => ({
  build,
  channel,
  users: approvers
    .filter((name) => !answers.some(({ person }) => person === name))
    .flatMap((name) => people[name]?.slack ?? []),
});

/**
 * What is told of a question, as it stands in the ledger by now: events may come late. Its message in Slack is kept up to
 * date; to remind people, something is said below it.
 * @returns undefined where nobody was asked, or where a question has been decided that is only asked now
 * @throws NobodyAsked where an event speaks of a question that the ledger does not know
 */
export async function tellQuestion(event: AskedEvent, step: TellingStep): Promise<Telling | undefined> {
  const { ledger, settings } = step;
  const kind = event["detail-type"];
  const asked = await findQuestion(event, step);
  if (!asked) return undefined;
  const over = kind === "promotion.superseded" ? sayNewer(event.detail.by) : undefined;
  const question = { ...asked.question, over };
  // What it came to meanwhile has an event of its own.
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
  `the newer build ${buildVersion(by)} takes its place`;

async function findQuestion(event: AskedEvent, { ledger }: TellingStep): Promise<AskedQuestion | undefined> {
  const { image, build, channel } = event.detail;
  const subject = { image, build, channel };
  const asked = await readQuestion(ledger, subject);
  if (asked || event["detail-type"] === "promotion.superseded") return asked;
  if (event["detail-type"] !== "approval.expired") throw new NobodyAsked(event["detail-type"], subject);
  // In all that time nobody could be asked: there is no record of it.
  const { answers } = event.detail;
  const nobody = { approvers: [], required: 1, expiresAt: event.time, decided: { verdict: "expired" as const } };
  const change = await readChange(ledger, subject);
  return { question: { ...subject, ...nobody, answers, change }, message: undefined };
}

class NobodyAsked extends Error {
  override readonly name = "NobodyAsked";

  constructor(event: string, { build, channel }: { readonly build: string; readonly channel: string }) {
    super(`${event} is about ${build} and ${channel}, but the ledger knows of no approval that was asked for.`);
  }
}
