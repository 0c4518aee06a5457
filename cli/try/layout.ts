import { styled } from "../command/print.ts";

/** The most columns of a line, unless the terminal has fewer. */
const COLUMNS = 100;
const FEWEST = 60;

export const width = (): number => Math.max(FEWEST, Math.min(COLUMNS, process.stdout.columns || COLUMNS));

/**
 * Breaks text at spaces into lines of at most `room` columns. A longer word, such as an ARN, breaks after one of
 * `/ : . , = @ _ -`; without one of those after `room` characters.
 * @param first columns of the first line, where it has fewer
 */
export function wrap(text: string, room: number, first = room): string[] {
  const lines: string[] = [];
  let line = "";
  const most = (): number => (lines.length === 0 ? first : room);
  for (const word of text.split(" ").filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (longer.length <= most()) {
      line = longer;
      continue;
    }
    if (line || (lines.length === 0 && first < room)) lines.push(line);
    line = word;
    while (line.length > most()) {
      const part = breakable(line, most());
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return line || lines.length === 0 ? [...lines, line] : lines;
}

function breakable(word: string, most: number): string {
  const start = word.slice(0, most);
  const at = Math.max(...["/", ":", ".", ",", "=", "@", "_", "-"].map((one) => start.lastIndexOf(one)));
  if (at > 0) return start.slice(0, at + 1);
  // Never half of a character.
  return start.replace(/[\ud800-\udbff]$/, "");
}

/** Text on lines of the width, with `hang` before those after the first, and `start` before that one. */
export const paragraph = (text: string, hang = "", start = ""): string[] =>
  wrap(text, width() - hang.length, width() - start.length).map((line, nth) => `${nth === 0 ? start : hang}${line}`);

const GAP = 2;
const NARROWEST = 8;

/** Aligned columns below a bold heading. Where they are too wide together, the widest are wrapped within their cells. */
export function drawTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const total = (): number => widths.reduce((sum, one) => sum + one + GAP, -GAP);
  while (total() > width()) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  const [head = [], ...body] = [headings, ...rows].map((row) => drawRow(row, widths));
  return [...head.map((line) => styled("bold", line)), ...body.flat()];
}

function drawRow(row: readonly string[], widths: readonly number[]): string[] {
  const cells = widths.map((room, column) => wrap(row[column] ?? "", room));
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, nth) =>
    cells
      .map((cell, column) => (cell[nth] ?? "").padEnd(widths[column] ?? 0))
      .join(" ".repeat(GAP))
      .trimEnd(),
  );
}

export const bold = (text: string): string => styled("bold", text);

/** A section's heading, visible without colour, too. */
export const heading = (title: string): string[] =>
  paragraph(`── ${title} ──`).map((line) => styled(["bold", "cyan"], line));
