import { findApprovals } from "../../../adapters/ledger/approvals.ts";
import { findBuild } from "../../../adapters/ledger/builds.ts";
import type { Ledger } from "../../../adapters/ledger/table.ts";
import { postNotice, type SlackChannel } from "../../../adapters/slack.ts";
import { describeNotice } from "../../../core/notice-table.ts";
import type { SlackWayBack } from "../../../core/slack-blocks.ts";
import type { Trigger } from "../../../events/trigger.ts";
import { isAsked, type NoticeEvent, type ToldEvent } from "./notice-event.ts";
import { readQuestion } from "./read-question.ts";
import { showQuestion } from "./show-question.ts";
import { tellQuestion } from "./tell-question.ts";
import type { Telling, TellingStep } from "./telling.ts";

/** What is told of an event. @returns undefined where there is nothing to tell */
export async function tellEvent(event: NoticeEvent, step: TellingStep): Promise<Telling | undefined> {
  if (isAsked(event)) return tellQuestion(event, step);
  const { "detail-type": detailType, detail } = event;
  const notice = describeNotice({ detailType, detail }, await findTriggers(event, step.ledger));
  return {
    notice,
    async inSlack(slack) {
      if (event["detail-type"] === "build.revoked") await closeQuestions(event.detail, slack, step);
      await postNotice(slack, notice, event["detail-type"] === "channel.moved" ? toWayBack(event.detail) : undefined);
    },
  };
}

/** Nothing where the event is about no build, or about one that nobody recorded. */
async function findTriggers({ detail }: ToldEvent, ledger: Ledger): Promise<readonly Trigger[]> {
  return "build" in detail ? ((await findBuild(ledger, detail.image, detail.build))?.triggers ?? []) : [];
}

type Moved = Extract<ToldEvent, { "detail-type": "channel.moved" }>["detail"];

/** What a promotion moved can be moved back by a click; what somebody moved by hand went somewhere for a reason. */
function toWayBack({ image, channel, build, previousBuild, because }: Moved): SlackWayBack | undefined {
  return previousBuild && !because ? { image, channel, from: build, to: previousBuild } : undefined;
}

type Revoked = Extract<ToldEvent, { "detail-type": "build.revoked" }>["detail"];

/** Whoever was still asked about a revoked build is asked no more. */
async function closeQuestions({ build, by, reason }: Revoked, slack: SlackChannel, step: TellingStep): Promise<void> {
  const { ledger, settings } = step;
  for (const { image, channel, message, decided } of await findApprovals(ledger, build)) {
    const waits = decided === undefined || decided.verdict === "withdrawn";
    const asked = message && waits ? await readQuestion(ledger, { image, build, channel }) : undefined;
    const over = `${by} revoked it: ${reason}`;
    if (asked) await showQuestion(asked, { ledger, people: settings.factory.people, slack, over });
  }
}
