import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, Script } from "node:vm";
import type jsonata from "jsonata";
import { isHarmless, padText, watchMemory } from "./jsonata-guard.ts";

/** AWS publishes no limits; these allow normal expressions and stop endless ones (milliseconds, calls, items). */
const TIMEOUT = 1_000;

const limits = { stack: 600, sequence: 100_000 };

const MAX_COMPILED = 2_000;

const library = new Script(readFileSync(createRequire(import.meta.url).resolve("jsonata"), "utf8"));

const compiling = new Script("compiled = jsonata(text, limits)");

// Inside the context everything runs to its end, including promises, under one timeout.
const evaluating = new Script(
  "outcome = undefined; compiled.evaluate(undefined, bindings).then((value) => { outcome = { value }; }, (problem) => { outcome = { problem }; });",
);

const dicing = new Script("Math.random = () => dice()");

interface Compiled {
  readonly expression: jsonata.Expression;
  readonly harmless: boolean;
}

/** The environment of an expression. */
export interface World {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A number in [0, 1). */
  readonly dice: () => number;
}

type Outcome = { value: unknown } | { problem: unknown };

/** JSONata in its own context: no endless loop, pattern or comparison blocks the process for longer than `TIMEOUT`. */
class JsonataEngine {
  readonly #scope: Record<string, unknown> = { limits };
  readonly #compiled = new Map<string, Compiled>();
  #world: World = { now: 0, dice: () => 0 };

  constructor() {
    const now = () => this.#world.now;
    this.#scope.Date = class extends Date {
      constructor(...given: [] | [number | string]) {
        super(given[0] ?? now());
      }

      static override now(): number {
        return now();
      }
    };
    this.#scope.dice = () => this.#world.dice();
    createContext(this.#scope, { microtaskMode: "afterEvaluate" });
    library.runInContext(this.#scope);
    dicing.runInContext(this.#scope);
  }

  compile(text: string): Compiled {
    let ready = this.#compiled.get(text);
    if (!ready) {
      this.#scope.text = text;
      const expression = compiling.runInContext(this.#scope) as jsonata.Expression;
      ready = { expression, harmless: isHarmless(expression.ast()) };
      expression.registerFunction("pad", padText, "<s-ns?:s>");
      if (this.#compiled.size >= MAX_COMPILED) this.#compiled.clear();
      this.#compiled.set(text, ready);
    }
    return ready;
  }

  evaluate(text: string, bindings: Record<string, unknown>, world: World): unknown {
    const { expression, harmless } = this.compile(text);
    if (!harmless) watchMemory(expression);
    this.#world = world;
    Object.assign(this.#scope, { compiled: expression, bindings });
    evaluating.runInContext(this.#scope, harmless ? {} : { timeout: TIMEOUT });
    const outcome = this.#scope.outcome as Outcome | undefined;
    Object.assign(this.#scope, { compiled: undefined, bindings: undefined, outcome: undefined });
    if (!outcome) throw new Error("the evaluation waits for something that never comes");
    if ("problem" in outcome) throw outcome.problem;
    return outcome.value;
  }
}

let engine: JsonataEngine | undefined;

/** The expression's syntax tree. Throws jsonata's own error when it does not parse. */
export function parseExpression(text: string): jsonata.ExprNode {
  engine ??= new JsonataEngine();
  return engine.compile(text).expression.ast();
}

/** The expression's value, as jsonata returns it. Throws jsonata's errors, and a RangeError above a limit. */
export function evaluateJsonata(text: string, bindings: Record<string, unknown>, world: World): unknown {
  engine ??= new JsonataEngine();
  try {
    return engine.evaluate(text, bindings, world);
  } catch (problem) {
    if ((problem as { code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw problem;
    // An interrupted engine is not used again.
    engine = undefined;
    throw new RangeError(`Evaluation timeout after ${TIMEOUT} milliseconds. Check for infinite loop`);
  }
}
