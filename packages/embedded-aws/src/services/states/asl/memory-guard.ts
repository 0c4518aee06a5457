import { getHeapStatistics } from "node:v8";
import type jsonata from "jsonata";

/** Far above the 256 KiB that a state may give, in characters. */
const MAX_TEXT = 1_000_000;
/** How much the heap may grow while one expression runs, in bytes. */
const MAX_GROWTH = 384 * 1_024 * 1_024;
/** Steps between two looks at the heap. */
const EVERY = 32;

/** Calls back after each step of an evaluation (jsonata's own hook for that). */
const AFTER_STEP = Symbol.for("jsonata.__evaluate_exit");

/** Stops the expression's next evaluation where it takes more memory than a state can need. */
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

/** `$pad`, which in the library makes a text of any length in one step. */
export function padText(text: string | undefined, width: number, fill = " "): string | undefined {
  if (text === undefined) return undefined;
  const missing = Math.max(0, Math.abs(width) - [...text].length);
  if (missing > MAX_TEXT) throw new RangeError(`$pad to ${width} characters; at most ${MAX_TEXT} are allowed`);
  const padding = fill.repeat(Math.ceil(missing / Math.max(1, fill.length))).slice(0, missing);
  return width < 0 ? padding + text : text + padding;
}
