import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, sleepOn, type TimerOptions } from "./clock.ts";
import { type Timer, TimerQueue } from "./timer-queue.ts";

/** Turns of the event loop without new work before time may jump. */
const QUIET_TURNS = 3;

/** How often time advances while it follows real time, in real milliseconds. */
const FOLLOW_EVERY_MS = 10;

interface BackgroundOptions {
  /** Called when a background timer fails. Omitted: the failure ends the process. */
  readonly onFailure?: (cause: unknown) => void;
}

/** Time that jumps to the next timer when nothing is in flight, so that a month takes seconds. */
export class VirtualClock implements Clock {
  readonly speed = 1;
  /** The current time as a Float64 for workers to read, also inside synchronous code. */
  readonly shared = new SharedArrayBuffer(8);
  readonly #now = new Float64Array(this.shared);
  readonly #timers = new TimerQueue();
  #held = 0;
  #release: (() => void)[] = [];
  #failure: { cause: unknown } | undefined;
  #follow: (() => void) | undefined;
  /** Calls of `runUntil` in progress. */
  #jumps = 0;
  /** Lets time follow real time from where a jump ended. */
  #landed: (() => void) | undefined;
  #race: Race | undefined;

  constructor(start: number) {
    this.#now[0] = start;
  }

  now(): number {
    this.#follow?.();
    return this.#now[0] ?? 0;
  }

  after(ms: number, act: () => void | Promise<void>, { recurring = false }: TimerOptions = {}): () => void {
    const timer = this.#timers.add(this.now() + Math.max(0, ms), act, recurring);
    if (!recurring) this.#race?.wake();
    return () => this.#timers.remove(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  async hold<T>(work: Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work;
    } finally {
      if (--this.#held === 0) for (const release of this.#release.splice(0)) release();
    }
  }

  /** Resolves when nothing is in flight; time does not move. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      // Waits without spinning: a worker may need this processor.
      if (this.#held > 0) await new Promise<void>((resolve) => this.#release.push(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#held === 0 ? quiet + 1 : 0;
    }
    this.#rethrow();
  }

  /** Advances time to `time`, timer by timer. Rejects if a timer fails, because no other caller would notice. */
  async runUntil(time: number): Promise<void> {
    if (this.#race) return this.#race.include(time);
    await this.#jump(time, () => false);
  }

  /**
   * Waits for work that may itself wait for time to pass, such as a function that sleeps: advances time, timer by timer,
   * only as far as the work needs. Rejects as `runUntil` does, and if the work is not done within `withinMs` (default:
   * 15 minutes, the longest invocation of a function).
   */
  async runUntilDone<T>(work: Promise<T>, { withinMs = 900_000 }: { readonly withinMs?: number } = {}): Promise<T> {
    if (this.#follow || this.#race) return work;
    let done = false;
    const end = (): void => {
      done = true;
    };
    work.then(end, end);
    await this.#jump(this.now() + withinMs, () => done);
    if (!done) throw new Error(`The work is not done after ${withinMs / 1_000} seconds of the clock's time.`);
    return work;
  }

  /** Advances time to `time`, or only as far as is `enough`. */
  async #jump(time: number, enough: () => boolean): Promise<void> {
    this.#jumps++;
    try {
      for (;;) {
        await this.settle();
        if (enough()) return;
        const next = this.#timers.takeDue(time);
        if (!next) return this.#moveTo(time);
        this.#moveTo(next.at);
        this.#start(next);
      }
    } finally {
      this.#jumps--;
      this.#landed?.();
    }
  }

  /** Whether nothing makes time pass, and no held work that could is under way. */
  get standing(): boolean {
    return this.#jumps === 0 && this.#held === 0 && !this.#follow && !this.#race;
  }

  /** Whether time currently passes as real time does. */
  get following(): boolean {
    return this.#follow !== undefined;
  }

  /**
   * From now on time passes as real time does, and timers fire when it reaches them. Returns a function that stops it.
   */
  follow({ onFailure = raise }: BackgroundOptions = {}): () => void {
    if (this.#follow || this.#race) throw new Error("The clock already passes by itself.");
    let start = this.now() - performance.now();
    this.#landed = () => {
      start = (this.#now[0] ?? 0) - performance.now();
    };
    // only `runUntil` moves time until it has started.
    const follow = (): void => {
      if (this.#jumps === 0) this.#moveTo(start + performance.now());
    };
    const ticking = setInterval(() => {
      if (this.#jumps > 0) return;
      follow();
      for (let due = this.#timers.takeDue(this.now()); due; due = this.#timers.takeDue(this.now())) this.#start(due);
      if (this.#failure) onFailure(this.#takeFailure());
    }, FOLLOW_EVERY_MS);
    this.#follow = follow;
    return () => {
      clearInterval(ticking);
      this.#follow = undefined;
      this.#landed = undefined;
    };
  }

  /**
   * From now on time jumps whenever nothing is in flight, as long as a timer waits that is not recurring: a schedule
   * alone would keep it running forever. Recurring timers fire when time passes them, or by `runUntil`. Returns a
   * function that stops it.
   */
  race({ onFailure = raise }: BackgroundOptions = {}): () => void {
    if (this.#follow || this.#race) throw new Error("The clock already passes by itself.");
    const race = new Race();
    this.#race = race;
    void this.#run(race, onFailure);
    return () => {
      race.stop();
      this.#race = undefined;
    };
  }

  async #run(race: Race, onFailure: (cause: unknown) => void): Promise<void> {
    while (!race.stopped) {
      await this.settle().catch(onFailure);
      if (race.stopped) return;
      if (race.asked < (this.#timers.first()?.at ?? Infinity)) {
        this.#moveTo(race.asked);
        race.reached(race.asked);
        continue;
      }
      const next = this.#timers.takeDue(this.#timers.single > 0 ? Infinity : race.until);
      if (next) {
        this.#moveTo(next.at);
        this.#start(next);
      } else {
        await race.rest();
      }
    }
  }

  #moveTo(time: number): void {
    this.#now[0] = Math.max(this.#now[0] ?? 0, Math.floor(time));
  }

  #start(timer: Timer): void {
    const work = (async () => timer.act())();
    work.catch((cause: unknown) => {
      this.#failure ??= { cause };
    });
  }

  #rethrow(): void {
    if (this.#failure) throw this.#takeFailure();
  }

  #takeFailure(): unknown {
    const cause = this.#failure?.cause;
    this.#failure = undefined;
    return cause;
  }
}

function raise(cause: unknown): void {
  throw cause;
}
/** State of racing virtual time: how far it was asked to go, and the callers that wait for that. */
class Race {
  /** Up to this time recurring timers drive time, too; milliseconds since the epoch. */
  until = -Infinity;
  stopped = false;
  #wake: (() => void) | undefined;
  #awake = false;
  #asked: { readonly time: number; readonly resolve: () => void }[] = [];

  /** Resolves when time has passed `time`. */
  include(time: number): Promise<void> {
    this.until = Math.max(this.until, time);
    const passed = new Promise<void>((resolve) => this.#asked.push({ time, resolve }));
    this.wake();
    return passed;
  }

  /** The earliest time that a caller waits for; Infinity if none does. */
  get asked(): number {
    return Math.min(...this.#asked.map(({ time }) => time));
  }

  /** Called when everything up to `time` has happened. */
  reached(time: number): void {
    const passed = this.#asked.filter((one) => one.time <= time);
    this.#asked = this.#asked.filter((one) => one.time > time);
    for (const { resolve } of passed) resolve();
  }

  /** Called when there is new work. */
  wake(): void {
    this.#awake = true;
    this.#wake?.();
  }

  /** Resolves when there is new work. */
  async rest(): Promise<void> {
    if (!this.#awake) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#awake = false;
    this.#wake = undefined;
  }

  stop(): void {
    this.stopped = true;
    this.reached(Infinity);
    this.wake();
  }
}

/** Virtual time stands still for `ms` of real time, so that a client outside can send its next request. */
export const linger = (clock: Clock, ms: number): Promise<void> => clock.hold(sleep(ms));
