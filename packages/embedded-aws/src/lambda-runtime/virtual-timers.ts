import { promisify } from "node:util";
import { type Timer, TimerQueue } from "../engine/clock/timer-queue.ts";
import { VirtualTimeout } from "./in-process-timers.ts";

const realSetTimeout = globalThis.setTimeout;

const realClearTimeout = globalThis.clearTimeout;

/** Resources that keep a waiting thread alive but are not work in flight. */
const NO_WORK = new Set(["MessagePort", "Timeout", "Immediate"]);

/**
 * The global `setTimeout` in virtual time: a wait takes a few real milliseconds, whatever its length, and starts only
 * when the function has nothing else in flight, so that a timeout never overtakes the answer it waits for.
 * (`node:timers`, `setInterval` and `AbortSignal.timeout` stay real.)
 */
export class VirtualTimers {
  readonly #time: WorkerTime;
  readonly #overslept: () => void;
  readonly #queue = new TimerQueue();
  readonly #waiting = new Map<VirtualTimeout, Timer>();
  #awake = false;
  #polling = false;
  #quiet = 0;

  /** @param overslept called if the function would sleep past its deadline */
  constructor(time: WorkerTime, overslept: () => void) {
    this.#time = time;
    this.#overslept = overslept;
  }

  install(): void {
    const set = (act: (...args: unknown[]) => void, delay = 0, ...args: unknown[]): VirtualTimeout => {
      const timeout = new VirtualTimeout(
        Math.max(0, Number(delay) || 0),
        () => act(...args),
        this.#restart,
        this.#clear,
      );
      this.#restart(timeout);
      return timeout;
    };
    Object.defineProperty(set, promisify.custom, {
      value: (delay: number, value: unknown) => new Promise((resolve) => set(() => resolve(value), delay)),
    });
    globalThis.setTimeout = set as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((timeout: VirtualTimeout | NodeJS.Timeout | undefined) =>
      timeout instanceof VirtualTimeout ? this.#clear(timeout) : realClearTimeout(timeout)) as typeof clearTimeout;
  }

  /** Between invocations no timer fires: Lambda freezes the environment. */
  freeze(): void {
    this.#awake = false;
  }

  thaw(): void {
    this.#awake = true;
    this.#poll();
  }

  readonly #restart = (timeout: VirtualTimeout): void => {
    this.#clear(timeout);
    const timer = this.#queue.add(this.#time.now() + timeout.delay, () => {
      this.#waiting.delete(timeout);
      timeout.act();
    });
    this.#waiting.set(timeout, timer);
    this.#poll();
  };

  readonly #clear = (timeout: VirtualTimeout): void => {
    const timer = this.#waiting.get(timeout);
    if (timer) this.#queue.remove(timer);
    this.#waiting.delete(timeout);
  };

  #poll(): void {
    if (this.#polling || !this.#awake || this.#waiting.size === 0) return;
    this.#polling = true;
    realSetTimeout(() => {
      this.#polling = false;
      if (!this.#awake) return;
      this.#quiet = isWorking() ? 0 : this.#quiet + 1;
      if (this.#quiet > 0) this.#actIfQuiet();
      this.#poll();
    }, 1);
  }

  #actIfQuiet(): void {
    const first = this.#queue.first();
    if (!first || this.#quiet < quietFor(first.at - this.#time.now())) return;
    this.#quiet = 0;
    if (!this.#time.sleepUntil(first.at)) {
      this.#overslept();
      return;
    }
    this.#queue.remove(first);
    void first.act();
  }
}

/** Real milliseconds without work before a wait of `ms` may end: Node does not show all work, e.g. compression. */
const quietFor = (ms: number): number => Math.min(50, 3 + ms / 200);

const isWorking = (): boolean => process.getActiveResourcesInfo().some((resource) => !NO_WORK.has(resource));
/** Time as a function sees it: the clock's, which stands still while the function runs, plus its own sleeps. */
export class WorkerTime {
  readonly #shared: Float64Array;
  #slept = 0;
  #deadline = Number.POSITIVE_INFINITY;

  constructor(shared: SharedArrayBuffer) {
    this.#shared = new Float64Array(shared);
  }

  /** Milliseconds since the epoch. */
  readonly now = (): number => (this.#shared[0] ?? 0) + this.#slept;

  /** A new invocation: it must end by `deadline`. */
  begin(deadline: number): void {
    this.#slept = 0;
    this.#deadline = deadline;
  }

  /** Advances to `time`. False if the invocation ends before. */
  sleepUntil(time: number): boolean {
    if (time >= this.#deadline) return false;
    this.#slept += Math.max(0, time - this.now());
    return true;
  }
}
/** Makes `Date`, `Intl.DateTimeFormat` and `performance.now` of this thread use `now`. */
export function installVirtualDate(now: () => number): void {
  const RealDate = globalThis.Date;
  // A Proxy and not a subclass: it keeps Date.prototype, so that instanceof and structuredClone still work.
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });

  const prototype = Intl.DateTimeFormat.prototype;
  const formatOf = Object.getOwnPropertyDescriptor(prototype, "format")?.get;
  Object.defineProperty(prototype, "format", {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format = formatOf?.call(this) as (date: number | Date) => string;
      return (date: number | Date = now()) => format(date);
    },
  });
  const toParts = prototype.formatToParts;
  prototype.formatToParts = function (date = now()) {
    return toParts.call(this, date);
  };

  const started = now();
  performance.now = () => now() - started;
}
