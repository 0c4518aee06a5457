import type { Notice } from "./notice.ts";

/**
 * A notice as Amazon Q Developer in chat applications shows it (its administrator guide, "Custom notifications": event
 * schema). What is not of this schema it drops without a word.
 */
interface AmazonQNotification {
  readonly version: "1.0";
  readonly source: "custom";
  /** Of the event that is told. */
  readonly id: string;
  readonly content: {
    readonly textType: "client-markdown";
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Notifications about one build lie in one thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources?: readonly string[];
    /** What custom actions can use as variables. */
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** Characters (the same guide, "Parameter details"). */
const TITLE = 250;
const DESCRIPTION = 8_000;

const icons: Readonly<Record<Notice["tone"], string>> = {
  good: ":white_check_mark:",
  bad: ":no_entry:",
  news: ":information_source:",
  question: ":raised_hand:",
};

/** @param id of the event that is told */
export function toAmazonQ(notice: Notice, id: string): AmazonQNotification {
  const { title, lines, tone, attributes, nextSteps = [], resources = [] } = notice;
  const { event = "notice", ...subject } = attributes;
  const about = Object.values(subject).join(" ");
  return {
    version: "1.0",
    source: "custom",
    id,
    content: {
      textType: "client-markdown",
      title: cut(`${icons[tone]} ${toMarkdown(title)}`, TITLE),
      description: fenced(lines),
      ...(nextSteps.length > 0 && { nextSteps: nextSteps.map((step) => `\`${toMarkdown(step)}\``) }),
      keywords: [...new Set([event, ...Object.values(subject), tone])],
    },
    metadata: {
      threadId: resources[0] ?? (about || event),
      summary: cut(toMarkdown(title), TITLE),
      eventType: event,
      ...(resources.length > 0 && { relatedResources: resources }),
      additionalContext: { ...attributes, tone },
    },
  };
}

const FENCE = "```";

/** Lines as they are. Nothing in them ends the block, or calls people. */
function fenced(lines: readonly string[]): string {
  const text = toMarkdown(lines.join("\n")).replaceAll(FENCE, "'''");
  return `${FENCE}\n${cut(text, DESCRIPTION - 2 * FENCE.length - 2)}\n${FENCE}`;
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** What Slack's mrkdwn reserves, for mentions among others; Teams shows the same characters for these names. */
const toMarkdown = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
