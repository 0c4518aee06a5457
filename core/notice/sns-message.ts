import { cut, toOneLine, toSlackCode, toSlackText } from "./foreign-text.ts";
import type { Notice } from "./notice.ts";

/** A notice as input of Publish (SNS API reference). */
interface SnsMessage {
  readonly subject: string;
  /** JSON with a text for each protocol, for `MessageStructure: "json"`. */
  readonly message: string;
  /** Message attributes for subscribers to filter on and to read. All are strings. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Bytes of one text. SNS accepts 262,144 bytes for all texts and attributes, and JSON may double each byte: two texts and
 * Amazon Q's stay below that.
 */
const MOST_BYTES = 48_000;

/**
 * Composes the message for each protocol. E-mail gets a subject, the text and a last line with the attributes; https gets
 * the JSON that Amazon Q Developer in chat applications shows, which other subscribers can parse; queues and functions get
 * the text, and the attributes as message attributes.
 * @param id id of the event
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
      // Two dashes and a space start a signature in plain text mail (RFC 3676, 4.3).
      email: `${text}\n\n-- \n${facts.join(", ")}`,
      https: JSON.stringify(toAmazonQ({ ...notice, attributes, lines: text.split("\n").slice(2) }, id)),
    }),
    attributes,
  };
}

/** SNS rejects empty values and control characters (API reference, MessageAttributeValue). */
const toAttributes = (attributes: Notice["attributes"]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, cut(toOneLine(value), ATTRIBUTE) || "-"]),
  );

const ATTRIBUTE = 1_000;

const REPLACED: Readonly<Record<string, string>> = { "→": "->", "…": "...", "–": "-", "—": "-", "‘": "'", "’": "'" };

/** An e-mail subject has 1 to 100 printable ASCII characters (SNS API reference, Publish: Subject). */
const SUBJECT = 100;

/** A title as an e-mail subject: transliterated to ASCII, and cut if it is too long. */
export function toSubject(title: string): string {
  const plain = title
    .replaceAll(/[→…–—‘’]/g, (character) => REPLACED[character] ?? "?")
    .replaceAll(/[“”]/g, '"')
    // Accented letters lose their accents.
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[^\x20-\x7e]/gu, "?")
    .trim();
  const subject = plain || "A notice without a title";
  return subject.length <= SUBJECT ? subject : `${subject.slice(0, SUBJECT - 3)}...`;
}

/** Cuts to `mostBytes` bytes of UTF-8, between lines, with a last line that says how many lines are missing. */
function cutLines(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  // Room for the last line.
  let left = mostBytes - 50;
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const missing = lines.length - kept.length;
  // If the first line alone is too long, it is cut rather than dropped.
  if (kept.length === 0)
    return `${Buffer.from(text)
      .subarray(0, mostBytes - 8)
      .toString()
      .replace(/\uFFFD$/, "")} ...`;
  return [...kept, `... and ${missing} more line${missing === 1 ? "" : "s"}`].join("\n");
}

/**
 * A notice for Amazon Q Developer in chat applications (its administrator guide, "Custom notifications": event schema).
 * It silently drops messages that do not match this schema.
 */
interface AmazonQNotification {
  readonly version: "1.0";
  readonly source: "custom";
  /** Id of the event. */
  readonly id: string;
  readonly content: {
    readonly textType: "client-markdown";
    readonly title: string;
    readonly description: string;
    readonly nextSteps?: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Notifications about one build share a thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources?: readonly string[];
    /** What custom actions can use as variables. */
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** In characters (the same guide, "Parameter details"). */
const TITLE = 250;

const DESCRIPTION = 8_000;

/** Most characters of an icon and the space after it. */
const MOST_ICON = 30;

const icons: Readonly<Record<Notice["tone"], string>> = {
  good: ":white_check_mark:",
  bad: ":no_entry:",
  news: ":information_source:",
  question: ":raised_hand:",
};

/** @param id id of the event */
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

/** Lines in a code block. Nothing in them can close the block or mention users. */
const fenced = (lines: readonly string[]): string =>
  `${FENCE}\n${toSlackCode(lines, DESCRIPTION - 2 * FENCE.length - 2)}\n${FENCE}`;
