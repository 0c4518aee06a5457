import type { BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { cut, toOneLine, toSlackCode, toSlackText } from "./foreign-text.ts";
import type { Notice } from "./notice.ts";

/** Slack's limits: 150 characters in a header, 3,000 in a section's text (Block Kit reference). */
const HEADER = 150;
const SECTION = 3000;
/** In a confirmation dialog's text. */
const CONFIRM = 300;

/** The `action_id` of the button that moves a channel back. */
export const ROLL_BACK = "roll-back";

const icons: Readonly<Record<Notice["tone"], string>> = {
  good: ":white_check_mark:",
  bad: ":no_entry:",
  news: ":information_source:",
  question: ":raised_hand:",
};

/** What a message asks: buttons, and whom it calls. */
export interface SlackQuestion {
  readonly build: BuildArn;
  readonly channel: string;
  /** Slack's ids of those who can answer. */
  readonly users: readonly string[];
}

/** What a message offers to undo: that a channel moved. */
export interface SlackWayBack {
  readonly image: string;
  readonly channel: string;
  /** Where the channel points as the message says; a click counts only while it does. */
  readonly from: BuildArn;
  /** Where it came from, and goes back to. */
  readonly to: BuildArn;
}

/** The text alone, for notifications and screen readers. Slack takes 40,000 characters (Web API reference, chat.postMessage). */
export const toFallback = ({ title }: Notice): string => toSlackText(title, SECTION);

/** A notice in Slack's Block Kit: a header, and the lines as they are; what can be done about it are buttons below. */
export function toBlocks(notice: Notice, buttons?: SlackQuestion | SlackWayBack) {
  return [...toText(notice), ...(buttons ? toButtons(buttons) : [])];
}

const toButtons = (buttons: SlackQuestion | SlackWayBack) =>
  "users" in buttons ? toQuestion(buttons) : [toWayBack(buttons)];

function toText({ title, lines, tone }: Notice) {
  const header = `${icons[tone]} ${toOneLine(title)}`;
  const body = toSlackCode(lines, SECTION - 6);
  return [
    { type: "header" as const, text: { type: "plain_text" as const, text: cut(header, HEADER), emoji: true } },
    { type: "section" as const, text: mrkdwn(`\`\`\`${body}\`\`\``) },
  ];
}

/** `verbatim`: Slack links no addresses and no names by itself (Block Kit reference, "Text object"). */
const mrkdwn = (text: string) => ({ type: "mrkdwn" as const, text, verbatim: true });

/** The value says what is answered, and nothing that would let anybody answer: who clicked is what Slack signs. */
function toQuestion({ build, channel, users }: SlackQuestion) {
  const value = JSON.stringify({ build, channel });
  const button = (id: "approve" | "reject", text: string, style: "primary" | "danger") => ({
    type: "button" as const,
    action_id: id,
    text: { type: "plain_text" as const, text },
    style,
    value,
  });
  const called = users.map((user) => `<@${user}>`).join(" ");
  return [
    ...(called ? [{ type: "section" as const, text: { type: "mrkdwn" as const, text: called } }] : []),
    {
      type: "actions" as const,
      elements: [button("approve", "Approve", "primary"), button("reject", "Reject", "danger")],
    },
  ];
}

/** Slack asks once more before it sends such a click (Block Kit reference, "Confirmation dialog object"). */
export function toWayBack({ image, channel, from, to }: SlackWayBack) {
  const plain = (text: string) => ({ type: "plain_text" as const, text });
  const back = `${image} ${channel} goes from ${buildVersion(from)} back to ${buildVersion(to)}, in all regions.`;
  return {
    type: "actions" as const,
    elements: [
      {
        type: "button" as const,
        action_id: ROLL_BACK,
        text: plain("Roll back"),
        style: "danger" as const,
        value: JSON.stringify({ image, channel, from, to }),
        confirm: {
          title: plain("Roll back?"),
          text: plain(cut(back, CONFIRM)),
          confirm: plain("Roll back"),
          deny: plain("Leave it"),
          style: "danger" as const,
        },
      },
    ],
  };
}

/** A line below a message, smaller than its text. */
export const toContext = (lines: readonly string[]) => ({
  type: "context" as const,
  elements: lines.map((line) => mrkdwn(toSlackText(line, SECTION))),
});
