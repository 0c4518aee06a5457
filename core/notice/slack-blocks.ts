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

/** A request for approval: its buttons, and the users that it mentions. */
export interface SlackQuestion {
  readonly build: BuildArn;
  readonly channel: string;
  /** Slack ids of the users who can answer. */
  readonly users: readonly string[];
}

/** A channel's move that a message offers to roll back. */
export interface SlackWayBack {
  readonly image: string;
  readonly channel: string;
  /** The build that the message says the channel points at; a click counts only while it does. */
  readonly from: BuildArn;
  /** The previous build, to which the channel returns. */
  readonly to: BuildArn;
}

/** The `action_id`s of the buttons below a halted roll-out's notice, with the action of each. */
export const STEERING = { "resume-roll-out": "resume", "roll-out-back": "back" } as const;
type Steering = keyof typeof STEERING;

/** A halted roll-out that a message offers to resume or roll back. */
export interface SlackHalt {
  readonly image: string;
  readonly channel: string;
  readonly build: BuildArn;
  readonly rollout: string;
  /** When the message's halt was reported, in ISO 8601: a click does not apply to a later halt. */
  readonly halted: string;
}

/** The buttons of a notice. */
export type SlackButtons = SlackQuestion | SlackWayBack | SlackHalt;

/** Plain text for notifications and screen readers. Slack accepts 40,000 characters (Web API reference, chat.postMessage). */
export const toFallback = ({ title }: Notice): string => toSlackText(title, SECTION);

/** A notice in Slack's Block Kit: a header, the lines in a code block, and the buttons. */
export function toBlocks(notice: Notice, buttons?: SlackButtons) {
  return [...toText(notice), ...(buttons ? toButtons(buttons) : [])];
}

function toButtons(buttons: SlackButtons) {
  if ("users" in buttons) return toQuestion(buttons);
  return ["rollout" in buttons ? toHalt(buttons) : toWayBack(buttons)];
}

function toText({ title, lines, tone }: Notice) {
  const header = `${icons[tone]} ${toOneLine(title)}`;
  const body = toSlackCode(lines, SECTION - 6);
  return [
    { type: "header" as const, text: { type: "plain_text" as const, text: cut(header, HEADER), emoji: true } },
    { type: "section" as const, text: mrkdwn(`\`\`\`${body}\`\`\``) },
  ];
}

/** `verbatim`: Slack does not turn addresses and names into links (Block Kit reference, "Text object"). */
const mrkdwn = (text: string) => ({ type: "mrkdwn" as const, text, verbatim: true });

/** The value identifies the request and authorizes nothing: Slack signs who clicked. */
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

const plain = (text: string) => ({ type: "plain_text" as const, text });

interface Confirmed {
  readonly id: string;
  readonly label: string;
  readonly style: "primary" | "danger";
  /** What a click would do. */
  readonly effect: string;
  readonly deny: string;
}

/** Slack asks for confirmation before it sends such a click (Block Kit reference, "Confirmation dialog object"). */
const toConfirmed = ({ id, label, style, effect, deny }: Confirmed, value: object) => ({
  type: "button" as const,
  action_id: id,
  text: plain(label),
  style,
  value: JSON.stringify(value),
  confirm: {
    title: plain(`${label}?`),
    text: plain(cut(effect, CONFIRM)),
    confirm: plain(label),
    deny: plain(deny),
    style,
  },
});

export function toWayBack({ image, channel, from, to }: SlackWayBack) {
  const effect = `${image} ${channel} is rolled back from ${buildVersion(from)} to ${buildVersion(to)} in all regions.`;
  const button = { id: ROLL_BACK, label: "Roll back", style: "danger", effect, deny: "Leave it" } as const;
  return { type: "actions" as const, elements: [toConfirmed(button, { image, channel, from, to })] };
}

export function toHalt({ image, channel, build, rollout, halted }: SlackHalt) {
  const of = `${image} ${channel}: the roll-out of ${buildVersion(build)}`;
  const button = (id: Steering, label: string, more: Pick<Confirmed, "style" | "effect">) =>
    toConfirmed({ id, label, deny: "Leave it halted", ...more }, { image, channel, build, rollout, halted });
  return {
    type: "actions" as const,
    elements: [
      button("resume-roll-out", "Resume", {
        style: "primary",
        effect: `${of} continues. Groups that failed so far keep their state and no longer halt it.`,
      }),
      button("roll-out-back", "Roll back", {
        style: "danger",
        effect: `${of} is rolled back: every group that it reached returns to its previous configuration.`,
      }),
    ],
  };
}

/** A line below a message, smaller than its text. */
export const toContext = (lines: readonly string[]) => ({
  type: "context" as const,
  elements: lines.map((line) => mrkdwn(toSlackText(line, SECTION))),
});
