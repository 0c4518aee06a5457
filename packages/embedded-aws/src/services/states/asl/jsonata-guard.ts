import { getHeapStatistics } from "node:v8";
import type jsonata from "jsonata";

/** Nodes that run once, whatever their operands are. */
const simple = ["binary", "block", "condition", "name", "number", "string", "unary", "value", "variable"];

/** Functions that visit each element at most once. */
const functions = ["boolean", "count", "exists", "keys", "length", "not", "number", "parse", "string", "uuid"];

/** Whether the expression needs no limits: no loop, function definition, pattern or range, like most expressions. */
export function isHarmless(node: unknown): boolean {
  if (Array.isArray(node)) return node.every(isHarmless);
  if (typeof node !== "object" || node === null) return true;
  const { type, value, procedure, steps, ...rest } = node as Record<string, unknown>;
  if (["predicate", "stages", "group", "focus", "index", "tuple"].some((field) => rest[field] !== undefined)) {
    return isNumericIndex(rest) && rest.group === undefined && rest.focus === undefined && rest.tuple === undefined;
  }
  if (type === "path") return isPlainPath(steps);
  if (type === "function") {
    const called = procedure as { type?: unknown; value?: unknown } | undefined;
    return called?.type === "variable" && functions.includes(String(called.value)) && isHarmless(rest.arguments);
  }
  if (type === undefined) return Object.values(rest).every(isHarmless);
  if (!simple.includes(String(type)) || value === ".." || value instanceof RegExp) return false;
  return Object.values(rest).every(isHarmless);
}

/** `$x.a.b[0]`: a single walk; a step that is not a name would run once for each previous element. */
function isPlainPath(steps: unknown): boolean {
  if (!Array.isArray(steps)) return false;
  return steps.every((step: unknown, at) => {
    const { type } = step as { type?: unknown };
    return (at === 0 || type === "name") && isHarmless(step);
  });
}

/** `[0]`, and no other filter. */
function isNumericIndex(node: Record<string, unknown>): boolean {
  const filters = [node.predicate, node.stages].flat().filter((one) => one !== undefined);
  return filters.every((one) => {
    const { type, expr } = one as { type?: unknown; expr?: { type?: unknown } };
    return type === "filter" && expr?.type === "number";
  });
}

/** Far above the 256 KiB that a state may return, in characters. */
const MAX_TEXT = 1_000_000;

/** Maximum growth of the heap while one expression runs, in bytes. */
const MAX_GROWTH = 384 * 1_024 * 1_024;

/** Steps between two checks of the heap. */
const EVERY = 32;

/** Calls back after each step of an evaluation (jsonata's own hook for that). */
const AFTER_STEP = Symbol.for("jsonata.__evaluate_exit");

/** Stops an evaluation that uses more memory than a state can need. */
export function watchMemory(expression: jsonata.Expression): void {
  const before = getHeapStatistics().used_heap_size;
  let steps = 0;
  const afterStep = (_node: unknown, _input: unknown, _environment: unknown, result: unknown): void => {
    if (typeof result === "string" && result.length > MAX_TEXT) {
      throw new RangeError(`a text of ${result.length} characters; at most ${MAX_TEXT} are allowed`);
    }
    if (++steps % EVERY === 0 && getHeapStatistics().used_heap_size - before > MAX_GROWTH) {
      throw new RangeError("the expression takes too much memory");
    }
  };
  expression.assign(AFTER_STEP as unknown as string, afterStep);
}

/** `$pad`; the library's version creates a string of any length in one step. */
export function padText(text: string | undefined, width: number, fill = " "): string | undefined {
  if (text === undefined) return undefined;
  const missing = Math.max(0, Math.abs(width) - [...text].length);
  if (missing > MAX_TEXT) throw new RangeError(`$pad to ${width} characters; at most ${MAX_TEXT} are allowed`);
  const padding = fill.repeat(Math.ceil(missing / Math.max(1, fill.length))).slice(0, missing);
  return width < 0 ? padding + text : text + padding;
}
