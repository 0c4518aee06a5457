import { clearLine, cursorTo } from "node:readline";
import { styleText } from "node:util";
import { cut, toOneLine, toPrintable, toPrintableJson } from "../../core/notice/foreign-text.ts";

/** All output of commands is printed by this file: `test/architecture/one-place.test.ts`. */

/**
 * Prints a command's result, formatted by `draw`. Text in it is sanitized first, because it can come from others: only
 * `draw` adds styles and line breaks.
 * @param draw must use only its argument
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

/** Prints one JSON value, for programs. */
export const printJson = (value: unknown, indent?: number): void =>
  void process.stdout.write(`${toPrintableJson(value, indent)}\n`);

/** Prints a sentence. The values in it are sanitized. */
export function say(words: TemplateStringsArray, ...values: readonly (string | number)[]): void {
  const safe = values.map((one) => toOneLine(String(one)));
  process.stdout.write(`${words.map((word, n) => `${word}${safe[n] ?? ""}`).join("")}\n`);
}

/** Why a command failed. */
export interface Failure {
  readonly name: string;
  /** What happened, and where; then, in a line that begins with `fix: `, what to do. */
  readonly message: string;
  readonly exitCode: number;
  /** The stack traces of the error and its causes. */
  readonly stack?: string;
}

/** Prints one JSON object on one line of standard error, for programs: standard output has results only. */
export function printFailureJson({ name, message, exitCode, stack }: Failure): void {
  const [what = "", fix] = message.split(/\n\s*fix: /);
  const error = { name, message: what, ...(fix && { fix }), exitCode, ...(stack && { stack: stack.split("\n") }) };
  showProgress();
  process.stderr.write(`${toPrintableJson({ error })}\n`);
}

/** Prints why a command failed. Further lines of a message are indented, so that they cannot look like other output. */
export function printFailure(message: string): void {
  const [first = "", ...more] = message.split("\n").map(toOneLine);
  showProgress();
  process.stderr.write(
    [`amint: ${first}`, ...more.map((line) => line.replace(/^(?=\S)/, "  "))].join("\n").concat("\n"),
  );
}

/** The current progress line. */
let shown = "";

/**
 * Shows a long command's progress on standard error: on a terminal in one line that is rewritten, otherwise in a line for
 * each change. Undefined ends it.
 */
export function progress(text: string | undefined): void {
  const safe = text === undefined ? "" : toOneLine(text);
  if (safe === shown) return;
  shown = safe;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${safe}`);
  else if (safe !== "") process.stderr.write(`${safe}\n`);
}

/** Asks for a value at the terminal, on standard error, because standard output is for results. */
export const prompt = (name: string): void => void process.stderr.write(`${toOneLine(name)}: `);
export const endPrompt = (): void => void process.stderr.write("\n");

let isProgressShown = false;

/**
 * Shows progress on standard error if that is a terminal: one line, which the next call replaces and other output removes.
 * Without `text` it is removed.
 */
export function showProgress(text?: string, stream: NodeJS.WriteStream = process.stderr): void {
  if (!stream.isTTY || (text === undefined && !isProgressShown)) return;
  cursorTo(stream, 0);
  clearLine(stream, 0);
  isProgressShown = text !== undefined;
  if (text !== undefined) stream.write(cut(toOneLine(text), (stream.columns || 80) - 1));
}
