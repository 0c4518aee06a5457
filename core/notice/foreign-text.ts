/**
 * Untrusted text: reasons, names of packages, resources and accounts, advisory titles, AWS's messages. Code that composes
 * a message or a page sanitizes it here, before any styling.
 */

/**
 * One line without invisible characters. Line breaks and C0 controls become their control pictures (Unicode block
 * "Control Pictures"). C1 controls and format characters (bidirectional marks, tags, zero-width spaces) become U+FFFD.
 * Joiners are kept: Persian and emoji need them.
 */
export const toOneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll("\t", " ")
    .replaceAll(/\r\n|\p{Cc}|\p{Zl}|\p{Zp}|(?![\u200c\u200d])\p{Cf}/gu, toPicture);

const LINE_BREAKS = ["\r\n", "\n", "\u0085", "\u2028", "\u2029"];

function toPicture(character: string): string {
  if (LINE_BREAKS.includes(character)) return "\u2424";
  if (character === "\u007f") return "\u2421";
  return character < " " ? String.fromCodePoint(0x2400 + character.charCodeAt(0)) : "\ufffd";
}

/** The three characters that Slack's mrkdwn reserves for mentions and links (Slack, "Formatting text for app surfaces"). */
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Escapes the text and cuts it to `most` characters, never inside an entity. */
function escaped(text: string, most: number): string {
  const whole = text.replaceAll(/[&<>]/g, (one) => ENTITIES[one]!);
  if (whole.length <= most) return whole;
  return `${whole.slice(0, most - 1).replace(/&[a-z]{0,3}$|[\ud800-\udbff]$/, "")}…`;
}

/** Text for Slack's mrkdwn and Amazon Q's Markdown: one line without mentions, links and code. */
export const toSlackText = (text: string, most: number): string => escaped(toOneLine(text).replaceAll("`", "'"), most);

/**
 * Text as a Markdown code span, where markup, HTML, links and mentions have no effect (CommonMark 0.31, 6.1).
 * Without backticks and line breaks it stays one span.
 */
export const toMarkdownCode = (text: string): string => `\`${toOneLine(text).replaceAll("`", "'").trim() || "-"}\``;

/** Characters of one line in a block, so that one long line does not hide the others. */
const LINE = 1_000;

/** Lines for a fenced code block. None of them can close the fence. */
export function toSlackCode(lines: readonly string[], most: number): string {
  const shown = lines.map((line) => cut(toOneLine(line), LINE).replaceAll(/`{2,}/g, (some) => "'".repeat(some.length)));
  // A backtick at either end would become part of the fence.
  return escaped(shown.join("\n"), most).replaceAll(/^`|`$/g, "'");
}

/** Cuts to `most` UTF-16 code units, never in the middle of a surrogate pair. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…`;

/** A value as one POSIX shell word, for commands that readers paste. */
export const toShellWord = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${toOneLine(text).replaceAll("'", "'\\''")}'`;

/** A copy of a value with every string made one printable line, because terminals interpret ESC, OSC and C1 sequences. */
export function toPrintable<T>(value: T): T {
  return printable(value) as T;
}

function printable(value: unknown): unknown {
  if (typeof value === "string") return toOneLine(value);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(printable);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [printable(key), printable(one)]));
  if (value instanceof Set) return new Set([...value].map(printable));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [toOneLine(key), printable(one)]));
}

/** JSON that is safe to print on a terminal: characters that JSON does not escape are escaped. It parses to the same value. */
export const toPrintableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replaceAll(/(?!\n)\p{Cc}|\p{Zl}|\p{Zp}|\p{Cf}/gu, (one) =>
    [...Array(one.length).keys()].map((n) => `\\u${one.charCodeAt(n).toString(16).padStart(4, "0")}`).join(""),
  );
