import type { ToeLoop } from "./document.ts";
import { isMapping } from "./document-reader.ts";
import type { StepReader } from "./step-reader.ts";

/** "delimiter" of "Use looping constructs": one of these. */
export const DELIMITERS = [".", ",", ";", ":", "\n", "\t", " ", "-", "_"];

/** `for` counts; `forEach` iterates over a list or a delimited string. A loop's name is used in its variables. */
export function parseLoop(step: StepReader): ToeLoop | undefined {
  const loop = step.at(["loop"]);
  if (loop === undefined || loop === null) return undefined;
  if (!isMapping(loop)) {
    step.fault(["loop"], "A loop must be a mapping.");
    return undefined;
  }
  step.onlyKeys(["loop"], ["name", "for", "forEach"]);
  const { name: given = "loop", for: counted, forEach: each } = loop;
  const name = String(given);
  if ((counted === undefined) === (each === undefined)) {
    step.fault(["loop"], "A loop must have exactly one of 'for' and 'forEach'.");
    return undefined;
  }
  if (counted !== undefined) return parseCount(step, name);
  return Array.isArray(each) ? parseList(step, name, each) : parseDelimited(step, name);
}

const BOUNDS = ["start", "end", "updateBy"] as const;

function parseCount(step: StepReader, name: string): ToeLoop | undefined {
  const path = ["loop", "for"];
  const counted = step.at(path);
  if (!isMapping(counted)) {
    step.fault(path, `The loop's 'for' must be a mapping with ${BOUNDS.join(", ")}.`);
    return undefined;
  }
  step.onlyKeys(path, BOUNDS);
  for (const bound of BOUNDS) {
    const value = counted[bound];
    if (value === undefined || value === null) step.fault(path, `The loop's 'for' requires '${bound}'.`);
    else if (!/^[-+]?\d+$|\{\{/.test(String(value))) {
      step.fault([...path, bound], `The loop's '${bound}' must be a whole number, not '${value}'.`);
    }
  }
  const [start, end, updateBy] = BOUNDS.map((bound) => Number(counted[bound] ?? Number.NaN)) as [
    number,
    number,
    number,
  ];
  if (updateBy === 0) step.fault([...path, "updateBy"], "The loop's 'updateBy' must not be 0: the loop would not end.");
  else if ((end - start) * updateBy < 0) {
    step.fault(path, `The loop never reaches its end: from ${start} to ${end} by ${updateBy}.`);
  }
  const text = (bound: (typeof BOUNDS)[number]): string => String(counted[bound]);
  return { kind: "for", name, start: text("start"), end: text("end"), updateBy: text("updateBy") };
}

function parseList(step: StepReader, name: string, each: readonly unknown[]): ToeLoop {
  if (each.length === 0) step.fault(["loop", "forEach"], "The loop's 'forEach' has no values.");
  for (const [index, value] of each.entries()) {
    if (value === null || typeof value === "object") {
      step.fault(["loop", "forEach", index], "The values of the loop's 'forEach' must be texts.");
    }
  }
  return { kind: "list", name, values: each.map(String) };
}

function parseDelimited(step: StepReader, name: string): ToeLoop | undefined {
  const path = ["loop", "forEach"];
  const each = step.at(path);
  const { list, delimiter = "," } = isMapping(each) ? each : {};
  if (list === undefined || list === null || typeof list === "object") {
    step.fault(path, "The loop's 'forEach' must be a list, or a mapping with a 'list' as text and a 'delimiter'.");
    return undefined;
  }
  step.onlyKeys(path, ["list", "delimiter"]);
  if (!DELIMITERS.includes(String(delimiter))) {
    const valid = DELIMITERS.map((one) => JSON.stringify(one)).join(" ");
    step.fault([...path, "delimiter"], `The loop's 'delimiter' must be one of these characters: ${valid}.`);
  }
  return { kind: "delimited", name, list: String(list), delimiter: String(delimiter) };
}
