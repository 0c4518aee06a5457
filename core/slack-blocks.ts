import type { Notice } from "./notice.ts";

/** Slack's limits: 150 characters in a header, 3,000 in a section's text (Block Kit reference). */
const HEADER = 150;
const SECTION = 3000;

const icons: Readonly<Record<Notice["tone"], string>> = {
  good: ":white_check_mark:",
  bad: ":no_entry:",
  news: ":information_source:",
};

/** A notice in Slack's Block Kit: a header, and the lines as they are. */
export function toBlocks({ title, lines, tone }: Notice) {
  const header = `${icons[tone]} ${title}`;
  const body = cut(escapeMarkup(lines.join("\n")), SECTION - 6);
  return [
    { type: "header" as const, text: { type: "plain_text" as const, text: cut(header, HEADER), emoji: true } },
    { type: "section" as const, text: { type: "mrkdwn" as const, text: `\`\`\`${body}\`\`\`` } },
  ];
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** The three characters that Slack's mrkdwn reserves. */
const escapeMarkup = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
