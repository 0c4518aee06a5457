import type { ToeLoop } from "./document.ts";
import { parseReference, REFERENCE, referencesIn } from "./reference.ts";

/** All values for `{{ }}` while a document runs. */
export interface Variables {
  /** Parameters and constants. */
  readonly named: Readonly<Record<string, string>>;
  /** For `{{ phase.step.inputs.path }}` and `{{ phase.step.outputs.stdout }}`: steps that have run. */
  readonly steps: ReadonlyMap<string, { readonly inputs: unknown; readonly outputs: Readonly<Record<string, string>> }>;
  /** `{{ loop.index }}`, `{{ <loop's name>.value }}`. */
  readonly loop: Readonly<Record<string, { readonly index: string; readonly value: string }>>;
  /** Values of `{{ aws:ssm:… }}`, by the text between the braces. */
  readonly stored: ReadonlyMap<string, string>;
}

/** A `{{ }}` without a value. */
export class UnknownVariableError extends Error {
  override readonly name = "UnknownVariableError";
  readonly code = "UnknownVariable";

  constructor(variable: string) {
    super(`The variable '{{ ${variable} }}' stands for nothing: no parameter, constant, loop or earlier step has it.`);
  }
}

/** Replaces variables in every string of a value. @throws UnknownVariableError */
export function replaceVariables(value: unknown, variables: Variables): unknown {
  if (typeof value === "string") {
    return value.replaceAll(REFERENCE, (written, text: string) => lookUp(text, variables) ?? written);
  }
  if (Array.isArray(value)) return value.map((item) => replaceVariables(item, variables));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceVariables(item, variables)]));
}

/** Whether a value rests on what a simulated step would have put out. */
export const restsOnOutput = (value: unknown): boolean =>
  referencesIn(value).some((text) => {
    const reference = parseReference(text);
    return reference.kind === "chained" && reference.side === "outputs";
  });

/** Undefined: the text stays as it is, as a loop's variables do outside of it. */
function lookUp(text: string, variables: Variables): string | undefined {
  const reference = parseReference(text);
  if (reference.kind === "foreign") return undefined;
  if (reference.kind === "loop") return variables.loop[reference.loop]?.[reference.member];
  const found = find(text, variables);
  if (found === undefined) throw new UnknownVariableError(text);
  return found;
}

function find(text: string, { named, steps, stored }: Variables): string | undefined {
  const reference = parseReference(text);
  switch (reference.kind) {
    case "variable":
      return named[reference.name];
    case "parameter":
    case "resolved":
      return stored.get(text);
    case "chained": {
      const { phase, step, side, index, keys } = reference;
      const of = steps.get(`${phase}.${step}`);
      if (!of) return undefined;
      if (side === "outputs") return of.outputs[keys.join(".")];
      const start = index === undefined || !Array.isArray(of.inputs) ? of.inputs : of.inputs[index];
      const value = keys.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], start);
      return value === undefined || value === null ? undefined : String(value);
    }
    default:
      return undefined;
  }
}

/** More rounds than any component means; a bound that never lets a run hang. */
const MOST_ROUNDS = 10_000;

/** Bounds of a `for` loop that are not numbers, or from which it would not end. */
export class LoopBoundsError extends Error {
  override readonly name = "LoopBoundsError";
  readonly code = "LoopBounds";

  constructor(start: string, end: string, updateBy: string) {
    super(
      `The loop from '${start}' to '${end}' by '${updateBy}' does not count to its end; use whole numbers that do.`,
    );
  }
}

/**
 * The loop variables of each round; one round without any for a step that doesn't loop.
 * @throws UnknownVariableError, LoopBoundsError
 */
export function loopRounds(loop: ToeLoop | undefined, variables: Variables): Variables["loop"][] {
  if (!loop) return [{}];
  return values(loop, variables).map((value, nth) => {
    const round = { index: String(nth), value };
    return { [loop.name]: round, loop: round };
  });
}

function values(loop: ToeLoop, variables: Variables): string[] {
  const text = (written: string): string => String(replaceVariables(written, variables));
  switch (loop.kind) {
    case "for":
      return counted(text(loop.start), text(loop.end), text(loop.updateBy));
    case "list":
      return loop.values.map(text);
    case "delimited":
      return text(loop.list).split(loop.delimiter);
  }
}

/** `end` belongs to the loop. @throws LoopBoundsError */
function counted(...bounds: [start: string, end: string, updateBy: string]): string[] {
  const [start, end, updateBy] = bounds.map(Number) as [number, number, number];
  if (!bounds.every((bound) => /^[-+]?\d+$/.test(bound)) || updateBy === 0 || (end - start) * updateBy < 0) {
    throw new LoopBoundsError(...bounds);
  }
  const rounds = Math.min(Math.floor((end - start) / updateBy) + 1, MOST_ROUNDS);
  return Array.from({ length: rounds }, (_, round) => String(start + round * updateBy));
}
