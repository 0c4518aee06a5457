import { type Clock, sleepOn } from "./clock.ts";

/** The longest delay of Node's timers, about 25 days; longer ones fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own time. */
export class RealClock implements Clock {
  readonly standing = false;
  readonly speed: number;
  readonly #waiting = new Set<() => void>();

  constructor({ speed = 1 }: { readonly speed?: number } = {}) {
    this.speed = speed;
  }

  now(): number {
    return Date.now();
  }

  after(ms: number, act: () => void | Promise<void>): () => void {
    const at = this.now() + ms;
    let timeout: NodeJS.Timeout;
    const cancel = (): void => {
      clearTimeout(timeout);
      this.#waiting.delete(cancel);
    };
    const wait = (): void => {
      timeout = setTimeout(
        () => {
          if (this.now() < at) return wait();
          this.#waiting.delete(cancel);
          void act();
        },
        Math.min(LONGEST_MS, Math.max(0, at - this.now())),
      );
    };
    this.#waiting.add(cancel);
    wait();
    return cancel;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  /** Real time never stands still. */
  hold<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  /** Cancels all timers, so that the process can end. */
  stop(): void {
    for (const cancel of [...this.#waiting]) cancel();
  }
}
