import { AsyncLocalStorage } from "node:async_hooks";
import { promisify } from "node:util";
import type { Clock } from "../engine/clock/clock.ts";

/** `setTimeout` of one function in this thread: on the embedded AWS's own clock. */
export class InProcessTimers {
  readonly #clock: Clock;
  readonly #waiting = new Map<VirtualTimeout, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
    Object.defineProperty(this.set, promisify.custom, { value: this.sleep });
  }

  readonly set = (act: (...args: unknown[]) => void, delay = 0, ...args: unknown[]): VirtualTimeout => {
    // The clock calls it from its own context.
    const bound = AsyncLocalStorage.bind(() => act(...args));
    const timeout = new VirtualTimeout(Math.max(0, Number(delay) || 0), bound, this.#restart, this.clear);
    this.#restart(timeout);
    return timeout;
  };

  readonly sleep = (delay?: number, value?: unknown): Promise<unknown> =>
    new Promise((resolve) => this.set(() => resolve(value), delay));

  readonly clear = (timeout?: unknown): void => {
    if (!(timeout instanceof VirtualTimeout)) return;
    this.#waiting.get(timeout)?.();
    this.#waiting.delete(timeout);
  };

  /** Between invocations no timer fires: Lambda freezes the environment. */
  freeze(): void {
    for (const cancel of this.#waiting.values()) cancel();
  }

  thaw(): void {
    for (const timeout of [...this.#waiting.keys()]) this.#restart(timeout);
  }

  readonly #restart = (timeout: VirtualTimeout): void => {
    this.clear(timeout);
    const act = () => {
      this.#waiting.delete(timeout);
      timeout.act();
    };
    this.#waiting.set(timeout, this.#clock.after(timeout.delay, act));
  };
}
/** The result of the virtual `setTimeout`: Node's Timeout, as far as programs use it. */
export class VirtualTimeout {
  readonly #restart: (timeout: VirtualTimeout) => void;
  readonly #clear: (timeout: VirtualTimeout) => void;
  /** In milliseconds. */
  readonly delay: number;
  readonly act: () => void;
  #referenced = true;

  constructor(
    delay: number,
    act: () => void,
    restart: (timeout: VirtualTimeout) => void,
    clear: (timeout: VirtualTimeout) => void,
  ) {
    this.delay = delay;
    this.act = act;
    this.#restart = restart;
    this.#clear = clear;
  }

  // Lambda controls a worker's lifetime, so references make no difference.
  ref(): this {
    this.#referenced = true;
    return this;
  }

  unref(): this {
    this.#referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  refresh(): this {
    this.#restart(this);
    return this;
  }

  close(): this {
    this.#clear(this);
    return this;
  }

  [Symbol.dispose](): void {
    this.#clear(this);
  }
}
