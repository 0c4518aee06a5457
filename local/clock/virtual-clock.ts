import type { Clock } from "./clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly act: () => void | Promise<void>;
}

/** Real turns of the event loop that must pass without new work before time may jump. */
const QUIET_TURNS = 3;

/** Time that jumps to the next timer when nothing is in flight, so that a month passes in seconds. */
export class VirtualClock implements Clock {
  /** The current time as a Float64 for workers to read, also inside synchronous code. */
  readonly shared = new SharedArrayBuffer(8);
  readonly #now = new Float64Array(this.shared);
  #timers: Timer[] = [];
  #order = 0;
  #held = 0;
  #failure: { cause: unknown } | undefined;

  constructor(start: number) {
    this.#now[0] = start;
  }

  now(): number {
    return this.#now[0] ?? 0;
  }

  after(ms: number, act: () => void | Promise<void>): () => void {
    const timer = { at: this.now() + Math.max(0, ms), order: this.#order++, act };
    const later = this.#timers.findIndex((other) => other.at > timer.at);
    this.#timers.splice(later < 0 ? this.#timers.length : later, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = this.after(ms, resolve);
      signal?.addEventListener("abort", () => {
        cancel();
        reject(signal.reason);
      });
    });
  }

  async hold<T>(work: Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work;
    } finally {
      this.#held--;
    }
  }

  /** Resolves when nothing is in flight; time does not move. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#held === 0 ? quiet + 1 : 0;
    }
    this.#rethrow();
  }

  /** Lets time pass up to `time`, timer by timer. A timer's failure rejects: in the background nobody else would see it. */
  async runUntil(time: number): Promise<void> {
    for (;;) {
      await this.settle();
      const next = this.#timers[0];
      if (!next || next.at > time) break;
      this.#timers.shift();
      this.#now[0] = Math.max(this.now(), next.at);
      this.#start(next);
    }
    this.#now[0] = Math.max(this.now(), time);
  }

  #start(timer: Timer): void {
    const work = (async () => timer.act())();
    work.catch((cause: unknown) => {
      this.#failure ??= { cause };
    });
  }

  #rethrow(): void {
    if (!this.#failure) return;
    const { cause } = this.#failure;
    this.#failure = undefined;
    throw cause;
  }
}
