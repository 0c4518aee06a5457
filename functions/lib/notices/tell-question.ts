import { replyToMessage } from "../../../adapters/slack.ts";
import { buildVersion } from "../../../core/build-arn.ts";
import { describeApproval, isOpen } from "../../../core/notice-of-approvals.ts";
import type { AskedEvent } from "./notice-event.ts";
import { type AskedQuestion, readChange, readQuestion } from "./read-question.ts";
import { showQuestion } from "./show-question.ts";
import type { Telling, TellingStep } from "./telling.ts";

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
