import { cut, toOneLine, toSlackCode, toSlackText } from "./foreign-text.ts";
import type { Notice } from "./notice.ts";

/** A notice as SNS takes it (API reference, Publish). */
interface SnsMessage {
  readonly subject: string;
  /** JSON with a text for each protocol that gets another than the rest: goes with `MessageStructure: "json"`. */
  readonly message: string;
  /** For subscribers to filter on, and to read: they come as JSON beside the text. All are strings. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Bytes of one text. SNS takes 262,144 of all together with the attributes, and JSON may write each of them with two:
 * two texts and Amazon Q's stay below that.
 */
const MOST_BYTES = 48_000;

/**
 * Text for people, with a subject and a last line to sort by for e-mail; over https what Amazon Q Developer in chat
 * applications understands, which is JSON for whoever else subscribes so. Queues and functions get the text, and the facts
 * as message attributes.
 * @param id of the event that is told
 */
export function toSnsMessage(notice: Notice, id: string): SnsMessage {
  const { title, tone } = notice;
  const attributes = toAttributes({ ...notice.attributes, tone });
  const text = cutLines([title, "", ...notice.lines].map(toOneLine).join("\n"), MOST_BYTES);
  const facts = Object.entries(attributes).map(([name, value]) => `${name}: ${value}`);
  return {
    subject: toSubject(title),
    message: JSON.stringify({
      default: text,
      // Two dashes and a blank begin a signature in plain text mail (RFC 3676, 4.3).
      email: `${text}\n\n-- \n${facts.join(", ")}`,
      https: JSON.stringify(toAmazonQ({ ...notice, attributes, lines: text.split("\n").slice(2) }, id)),
    }),
    attributes,
  };
}

/** SNS takes no empty value, and no control characters (API reference, MessageAttributeValue). */
const toAttributes = (attributes: Notice["attributes"]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, cut(toOneLine(value), ATTRIBUTE) || "-"]),
  );

const ATTRIBUTE = 1_000;

const REPLACED: Readonly<Record<string, string>> = { "→": "->", "…": "...", "–": "-", "—": "-", "‘": "'", "’": "'" };

/** A subject of e-mail: 1 to 100 printable ASCII characters (SNS API reference, Publish: Subject). */
const SUBJECT = 100;

/** A title as a subject of e-mail, with what ASCII lacks written otherwise, and cut where it is too long. */
export function toSubject(title: string): string {
  const plain = title
    .replaceAll(/[→…–—‘’]/g, (character) => REPLACED[character] ?? "?")
    .replaceAll(/[“”]/g, '"')
    // Letters with accents become letters.
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[^\x20-\x7e]/gu, "?")
    .trim();
  const subject = plain || "A notice without a title";
  return subject.length <= SUBJECT ? subject : `${subject.slice(0, SUBJECT - 3)}...`;
}

/** At most so many bytes of UTF-8, cut between lines, with a last line that says how many are missing. */
function cutLines(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  // The last line is shorter than this.
  let left = mostBytes - 50;
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const missing = lines.length - kept.length;
  // One line that is longer than everything is better cut than left out.
  if (kept.length === 0)
    return `${Buffer.from(text)
      .subarray(0, mostBytes - 8)
      .toString()
      .replace(/\uFFFD$/, "")} ...`;
  return [...kept, `... and ${missing} more line${missing === 1 ? "" : "s"}`].join("\n");
}

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

/** Characters of an icon and the blank after it, at most. */
const MOST_ICON = 30;

const icons: Readonly<Record<Notice["tone"], string>> = {
  good: ":white_check_mark:",
  bad: ":no_entry:",
  news: ":information_source:",
  question: ":raised_hand:",
};

/** @param id of the event that is told */
function toAmazonQ(notice: Notice, id: string): AmazonQNotification {
  const { title, lines, tone, attributes, nextSteps = [], resources = [] } = notice;
  const shown = toSlackText(title, TITLE - MOST_ICON);
  const { event = "notice", ...subject } = attributes;
  const about = Object.values(subject).join(" ");
  return {
    version: "1.0",
    source: "custom",
    id,
    content: {
      textType: "client-markdown",
      title: `${icons[tone]} ${shown}`,
      description: fenced(lines),
      ...(nextSteps.length > 0 && { nextSteps: nextSteps.map((step) => `\`${toSlackText(step, TITLE)}\``) }),
      keywords: [...new Set([event, ...Object.values(subject), tone])],
    },
    metadata: {
      threadId: resources[0] ?? (about || event),
      summary: shown,
      eventType: event,
      ...(resources.length > 0 && { relatedResources: resources }),
      additionalContext: { ...attributes, tone },
    },
  };
}

const FENCE = "```";

/** Lines as they are. Nothing in them ends the block, or calls people. */
const fenced = (lines: readonly string[]): string =>
  `${FENCE}\n${toSlackCode(lines, DESCRIPTION - 2 * FENCE.length - 2)}\n${FENCE}`;
