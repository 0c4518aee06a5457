import { recordApprovalMessage } from "../../../adapters/ledger/approvals.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { postNotice, type SlackChannel, type SlackMessage, updateNotice } from "../../../adapters/slack.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import { describeApproval, isOpen, type Question } from "../../../core/notice-of-approvals.ts";
import type { SlackQuestion } from "../../../core/slack-blocks.ts";
import { type AskedQuestion, readQuestion } from "./read-question.ts";

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
    await recordApprovalMessage(ledger, question, message);
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
