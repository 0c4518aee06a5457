import { clearLine, cursorTo } from "node:readline";
import { styleText } from "node:util";
import { cut, toOneLine, toPrintable, toPrintableJson } from "../../core/notice/foreign-text.ts";

/** Everything that a command prints leaves through this file: `test/architecture/one-place-for-printing.test.ts`. */

/**
 * Prints what a command found, as lines that `draw` makes of it. Text in it is made safe first, because it comes from
 * others: styles and line breaks are `draw`'s alone.
 * @param draw takes everything that it prints from its argument
 */
export function printFound<Found>(
  found: Found,
  draw: (found: Found) => string | readonly string[],
  stream: NodeJS.WriteStream = process.stdout,
): void {
  const drawn = draw(toPrintable(found));
  const text = typeof drawn === "string" ? drawn : drawn.join("\n");
  showProgress();
  stream.write(text.endsWith("\n") ? text : `${text}\n`);
}

/**
 * Colours for standard output, as Node decides: none without a terminal or with NO_COLOR, which `--no-color` sets, and
 * always with FORCE_COLOR.
 */
export const styled = (format: Parameters<typeof styleText>[0], text: string): string =>
  styleText(format, text, { stream: process.stdout });

/** One JSON value for programs, which parse the text that was found. */
export const printJson = (value: unknown, indent?: number): void =>
  void process.stdout.write(`${toPrintableJson(value, indent)}\n`);

/** Prints a sentence. Its words are the command's own; the values in it are made safe. */
export function say(words: TemplateStringsArray, ...values: readonly (string | number)[]): void {
  const safe = values.map((one) => toOneLine(String(one)));
  process.stdout.write(`${words.map((word, n) => `${word}${safe[n] ?? ""}`).join("")}\n`);
}

/** Prints why a command failed. An error's message can have further lines: they are indented, and look like no other. */
export function printFailure(message: string): void {
  const [first = "", ...more] = message.split("\n").map(toOneLine);
  showProgress();
  process.stderr.write(
    [`amint: ${first}`, ...more.map((line) => line.replace(/^(?=\S)/, "  "))].join("\n").concat("\n"),
  );
}

/** The progress line that is on the terminal now. */
let shown = "";

/**
 * Shows on standard error what a long command does: one line that is rewritten on a terminal, and a line for each change
 * elsewhere. Undefined ends it.
 */
export function progress(text: string | undefined): void {
  const safe = text === undefined ? "" : toOneLine(text);
  if (safe === shown) return;
  shown = safe;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${safe}`);
  else if (safe !== "") process.stderr.write(`${safe}\n`);
}

/** Asks for a value at the terminal; standard output stays for what was found. */
export const prompt = (name: string): void => void process.stderr.write(`${toOneLine(name)}: `);
export const endPrompt = (): void => void process.stderr.write("\n");

let isProgressShown = false;

/**
 * Shows on standard error how far the command is, where that is a terminal: one line, which the next call replaces and
 * everything printed removes. Without `text` it is removed.
 */
export function showProgress(text?: string, stream: NodeJS.WriteStream = process.stderr): void {
  if (!stream.isTTY || (text === undefined && !isProgressShown)) return;
  cursorTo(stream, 0);
  clearLine(stream, 0);
  isProgressShown = text !== undefined;
  if (text !== undefined) stream.write(cut(toOneLine(text), (stream.columns || 80) - 1));
}
