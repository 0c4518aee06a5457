import type { ToeLoop } from "./document.ts";

/** Everything `{{ }}` may stand for while a document is carried out. */
export interface Variables {
  /** Parameters and constants. */
  readonly named: Readonly<Record<string, string>>;
  /** `{{ phase.step.inputs.path }}` and `{{ phase.step.outputs.stdout }}`, of steps already carried out. */
  readonly steps: ReadonlyMap<string, { readonly inputs: unknown; readonly stdout: string }>;
  /** `{{ loop.index }}`, `{{ <loop's name>.value }}`. */
  readonly loop: Readonly<Record<string, { readonly index: string; readonly value: string }>>;
}

/** A `{{ }}` that stands for nothing. */
export class UnknownVariableError extends Error {
  override readonly name = "UnknownVariableError";
  readonly code = "UnknownVariable";

  constructor(variable: string) {
    super(`The variable '{{ ${variable} }}' stands for nothing: no parameter, constant, loop or earlier step has it.`);
  }
}

const REFERENCE = /\{\{\s*([^}]+?)\s*\}\}/g;

/** Replaces variables in every string of a value. */
export function replaceVariables(value: unknown, variables: Variables): unknown {
  if (typeof value === "string") {
    return value.replaceAll(REFERENCE, (_, reference: string) => lookUp(reference, variables));
  }
  if (Array.isArray(value)) return value.map((item) => replaceVariables(item, variables));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceVariables(item, variables)]));
}

/** Whether a value rests on what a simulated step would have printed. */
export const restsOnOutput = (value: unknown): boolean =>
  /\.outputs\.stdout\s*\}\}/.test(JSON.stringify(value ?? null));

function lookUp(reference: string, variables: Variables): string {
  const named = variables.named[reference];
  if (named !== undefined) return named;
  const [first = "", second = "", ...rest] = reference.split(".");
  const loop = variables.loop[first];
  if (loop && (second === "index" || second === "value") && rest.length === 0) return loop[second];
  const step = variables.steps.get(`${first}.${second}`);
  if (step && rest.join(".") === "outputs.stdout") return step.stdout;
  const [entry = "", ...keys] = rest;
  const index = /^inputs(?:\[(\d+)\])?$/.exec(entry);
  if (step && index) {
    const start = index[1] === undefined ? step.inputs : (step.inputs as unknown[] | undefined)?.[Number(index[1])];
    const found = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], start);
    if (found !== undefined) return String(found);
  }
  throw new UnknownVariableError(reference);
}

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
