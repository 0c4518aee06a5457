import { cut } from "../../core/notice/foreign-text.ts";

const WIDTH = 100;
/** With more groups than this, the output has counts, and lists only groups that need attention. */
export const MOST_ROWS = 40;
/** A group: its columns, and a reason below them. */
export interface Row {
  readonly cells: readonly string[];
  readonly why: string | undefined;
}

/** Aligns columns, and cuts the widest ones to fit the line. Cut cells and the reason follow on lines below. */
export function drawRows(rows: readonly Row[], indent = ""): string[] {
  const widths = columnWidths(rows, indent);
  return rows.flatMap(({ cells, why }) => {
    const shown = cells.map((cell, nth) => cut(cell, widths[nth] ?? 0));
    return [
      `${indent}${shown.map((cell, nth) => cell.padEnd(widths[nth] ?? 0)).join(GAP)}`.trimEnd(),
      ...cells.filter((cell, nth) => cell !== shown[nth]).map((cell) => `${indent}  ${cell}`),
      ...(why ? wrapped(why, `${indent}  `) : []),
    ];
  });
}

const GAP = "  ";

function columnWidths(rows: readonly Row[], indent: string): number[] {
  const widths = (rows[0]?.cells ?? []).map((_, nth) => Math.max(...rows.map(({ cells }) => cells[nth]?.length ?? 0)));
  const room = WIDTH - indent.length - GAP.length * (widths.length - 1);
  for (let over = sum(widths) - room; over > 0; over--) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Wraps between words; a word that is too long is not broken. */
export function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && indent.length + longer.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((one) => indent + one);
}

/** `3 done, 1 failed`, the most frequent first. */
export function countStates(states: readonly string[]): string {
  const counts = [...Map.groupBy(states, (state) => state)].map(([state, some]) => [some.length, state] as const);
  if (counts.length === 0) return "no groups";
  return counts
    .toSorted(([a], [b]) => b - a)
    .map(([count, state]) => `${count} ${state}`)
    .join(", ");
}
