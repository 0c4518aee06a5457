import type { Json } from "./json.ts";

/** Workflow variables of one scope: the machine's, a Parallel branch's or a Map iteration's. Outer scopes are read-only. */
export class Variables {
  readonly #outer: Variables | undefined;
  readonly #own = new Map<string, Json>();

  constructor(outer?: Variables) {
    this.#outer = outer;
  }

  assign(values: Readonly<Record<string, Json>>): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }

  /** Everything that can be read here, inner values first. */
  all(): Record<string, Json> {
    return { ...this.#outer?.all(), ...Object.fromEntries(this.#own) };
  }
}
