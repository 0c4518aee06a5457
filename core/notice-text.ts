import type { Notice } from "./notice.ts";

/** A notice as plain text: the title, and the lines below it. */
export const toText = ({ title, lines }: Pick<Notice, "title" | "lines">): string => [title, "", ...lines].join("\n");

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
export function cutLines(text: string, mostBytes: number): string {
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
