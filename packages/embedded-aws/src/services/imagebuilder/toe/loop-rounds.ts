import type { ToeLoop } from "./document.ts";
import { replaceVariables, type Variables } from "./variables.ts";

/** More rounds than any component means; a bound that never lets the simulation hang. */
const MOST_ROUNDS = 10_000;

/** The loop variables of each round; one round without any for a step that doesn't loop. */
export function loopRounds(loop: ToeLoop | undefined, variables: Variables): Variables["loop"][] {
  if (!loop) return [{}];
  return values(loop, variables).map((value, index) => ({
    [loop.name]: loop.kind === "for" ? { index: value, value } : { index: String(index), value },
    loop: loop.kind === "for" ? { index: value, value } : { index: String(index), value },
  }));
}

function values(loop: ToeLoop, variables: Variables): string[] {
  const text = (written: string): string => String(replaceVariables(written, variables));
  switch (loop.kind) {
    case "for":
      return counted(Number(text(loop.start)), Number(text(loop.end)), Number(text(loop.updateBy)));
    case "list":
      return loop.values.map(text);
    case "delimited":
      return text(loop.list).split(text(loop.delimiter));
  }
}

/** `end` belongs to the loop. */
function counted(start: number, end: number, updateBy: number): string[] {
  const found: string[] = [];
  for (let at = start; updateBy > 0 ? at <= end : at >= end; at += updateBy) {
    found.push(String(at));
    if (updateBy === 0 || Number.isNaN(at) || found.length >= MOST_ROUNDS) break;
  }
  return found;
}
