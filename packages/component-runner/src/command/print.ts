import { stripVTControlCharacters } from "node:util";

/** How commands print: what they found, drawn as lines, and JSON for programs. */
export interface Printing {
  /** @param draw must use only its argument */
  printFound<Found>(found: Found, draw: (found: Found) => string | readonly string[]): void;
  printJson(value: unknown): void;
}

/** Characters that a terminal interprets or does not show. */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu;

/** Documents and the programs that they run print what they like: nothing of it reaches the terminal but visible text. */
const toOneLine = (text: string): string =>
  stripVTControlCharacters(text).replaceAll("\t", " ").replaceAll(INVISIBLE, "\ufffd");

export function printFound<Found>(found: Found, draw: (found: Found) => string | readonly string[]): void {
  const clean = (_: string, value: unknown) => (typeof value === "string" ? toOneLine(value) : value);
  const lines = draw(JSON.parse(JSON.stringify(found), clean) as Found);
  process.stdout.write(`${[lines].flat().join("\n")}\n`);
}

/** Characters that JSON does not escape are escaped: it parses to the same value. */
export function printJson(value: unknown, indent?: number): void {
  const escaped = (text: string) =>
    text.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const text = JSON.stringify(value, undefined, indent);
  process.stdout.write(`${text.replaceAll(INVISIBLE, (one) => (one === "\n" ? one : escaped(one).join("")))}\n`);
}

export function printFailure(message: string): void {
  process.stderr.write(`component-runner: ${message.split("\n").map(toOneLine).join("\n")}\n`);
}
