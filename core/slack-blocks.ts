import type { BuildArn } from "../events/ids.ts";
import type { Notice } from "./notice.ts";

/** Slack's limits: 150 characters in a header, 3,000 in a section's text (Block Kit reference). */
const HEADER = 150;
const SECTION = 3000;

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

/** A notice in Slack's Block Kit: a header, and the lines as they are; a question has buttons below. */
export function toBlocks(notice: Notice, question?: SlackQuestion) {
  return [...toText(notice), ...(question ? toQuestion(question) : [])];
}

function toText({ title, lines, tone }: Notice) {
  const header = `${icons[tone]} ${title}`;
  const body = cut(escapeMarkup(lines.join("\n")), SECTION - 6);
  return [
    { type: "header" as const, text: { type: "plain_text" as const, text: cut(header, HEADER), emoji: true } },
    { type: "section" as const, text: { type: "mrkdwn" as const, text: `\`\`\`${body}\`\`\`` } },
  ];
}

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

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** The three characters that Slack's mrkdwn reserves. */
const escapeMarkup = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
