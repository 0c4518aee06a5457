import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const BEGIN = "<!-- Written by `npm run reference`. Do not edit. -->";
const END = "<!-- The end of what is written. -->";

/** A page of docs/ with parts between marks that `npm run reference` writes. */
export interface MarkedPage {
  readonly path: string;
  /** The lines between each pair of marks, in order. */
  readonly parts: () => readonly (readonly string[])[];
}

/** The page's text with its parts between the marks. @throws if it has too few or too many marks */
export function fillPage({ path, parts }: MarkedPage, text: string): string {
  const [before = "", ...rest] = text.split(BEGIN);
  const written = parts();
  const after = rest.flatMap((one) => one.split(END).slice(1));
  if (rest.length !== written.length || after.length !== rest.length) {
    throw new Error(`${path} has no "${BEGIN}" and "${END}" for each of its ${written.length} parts.`);
  }
  return before + written.map((lines, nth) => `${BEGIN}\n\n${lines.join("\n")}\n\n${END}${after[nth]}`).join("");
}

export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);

const read = ({ path }: MarkedPage): string => readFileSync(`${root}/${path}`, "utf8");

/** @returns a sentence for the terminal */
export function writePage(page: MarkedPage): string {
  writeFileSync(`${root}/${page.path}`, fillPage(page, read(page)));
  return `${page.path} written.`;
}

/** @throws if the checked-in parts differ */
export function checkPage(page: MarkedPage): string {
  if (read(page) === fillPage(page, read(page))) return `${page.path} is up to date.`;
  throw new Error(`${page.path} is out of date; run "npm run reference".`);
}
