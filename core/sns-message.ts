import { toAmazonQ } from "./amazon-q.ts";
import type { Notice } from "./notice.ts";
import { cutLines, toSubject, toText } from "./notice-text.ts";

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
  const attributes = { ...notice.attributes, tone };
  const text = cutLines(withoutControls(toText(notice)), MOST_BYTES);
  const facts = Object.entries(attributes).map(([name, value]) => `${name}: ${value}`);
  return {
    subject: toSubject(title),
    message: JSON.stringify({
      default: text,
      // Two dashes and a blank begin a signature in plain text mail (RFC 3676, 4.3).
      email: `${text}\n\n-- \n${facts.join(", ")}`,
      https: JSON.stringify(
        toAmazonQ({ ...notice, title: withoutControls(title), lines: text.split("\n").slice(2) }, id),
      ),
    }),
    attributes,
  };
}

/** JSON would write each with six characters, and nobody sees them. */
const withoutControls = (text: string): string => text.replaceAll(/(?!\n)\p{Cc}/gu, " ");
