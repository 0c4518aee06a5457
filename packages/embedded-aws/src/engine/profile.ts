import { type AsyncHook, AsyncLocalStorage, createHook } from "node:async_hooks";
import { performance } from "node:perf_hooks";

/** For what this thread worked. */
export type WorkKind = "function" | "operation" | "other" | "event loop";

export interface Work {
  readonly kind: WorkKind;
  /** A function's name, or `dynamodb:Query`; empty for the other kinds. */
  readonly name: string;
}

export interface WorkTime extends Work {
  /** Factory time in milliseconds when it was spent, rounded down to a day. */
  readonly day: number;
  /** Wall time of this thread in milliseconds. */
  readonly ms: number;
  /** How many invocations, or calls, began. */
  readonly begun: number;
}

const DAY = 86_400_000;
const OTHER: Work = { kind: "other", name: "" };
const EVENT_LOOP: Work = { kind: "event loop", name: "" };

/** Only one profile at a time: Node calls hooks for the whole process. */
let running: Profile | undefined;

/** Runs work, and all that it awaits; while a profile runs, its time is attributed to it. */
export const profiled = <Done>(kind: WorkKind, name: () => string, work: () => Done): Done =>
  running ? running.within({ kind, name: name() }, work) : work();

/**
 * Attributes this thread's time to functions and operations. Each continuation counts for the work that awaited it; between
 * two, for the event loop, with garbage collection and what runs no JavaScript. It slows the program down by half.
 */
export class Profile {
  readonly #now: () => number;
  readonly #begun = performance.now();
  readonly #working = new AsyncLocalStorage<Work>();
  readonly #spent = new Map<string, { work: Work; day: number; ms: number; begun: number }>();
  readonly #hook: AsyncHook;
  #current: Work = OTHER;
  #since = this.#begun;

  /** @param now factory time @throws Error while another profile runs */
  constructor(now: () => number) {
    if (running) throw new Error("Another profile is running.");
    this.#now = now;
    this.#hook = createHook({
      before: () => void this.#switch(this.#working.getStore() ?? OTHER),
      after: () => void this.#switch(EVENT_LOOP),
    });
    running = this;
    this.#hook.enable();
  }

  within<Done>(work: Work, run: () => Done): Done {
    return this.#working.run(work, () => {
      const before = this.#switch(work);
      this.#entry(work).begun++;
      try {
        return run();
      } finally {
        this.#switch(before);
      }
    });
  }

  /** The most expensive work first. */
  stop(): { readonly ms: number; readonly spent: readonly WorkTime[] } {
    this.#switch(OTHER);
    this.#hook.disable();
    running = undefined;
    const spent = [...this.#spent.values()].map(({ work, ...time }) => ({ ...work, ...time }));
    return { ms: performance.now() - this.#begun, spent: spent.toSorted((one, other) => other.ms - one.ms) };
  }

  /** @returns the work until now */
  #switch(next: Work): Work {
    const [before, now] = [this.#current, performance.now()];
    this.#entry(before).ms += now - this.#since;
    this.#since = now;
    this.#current = next;
    return before;
  }

  #entry(work: Work) {
    const day = Math.floor(this.#now() / DAY) * DAY;
    const key = `${day} ${work.kind} ${work.name}`;
    const known = this.#spent.get(key) ?? { work, day, ms: 0, begun: 0 };
    this.#spent.set(key, known);
    return known;
  }
}
