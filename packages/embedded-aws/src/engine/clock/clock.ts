export interface TimerOptions {
  /** Repeats forever, like a schedule: does not drive racing virtual time. */
  readonly recurring?: boolean;
}

/** Factory time. No other code of this package reads the machine's clock for it. */
export interface Clock {
  /**
   * How many times faster than time AWS's own work passes: copies, boots, scans, the steps of a build. Agreed times do
   * not: those of schedules, timeouts, waits of a state machine, sessions.
   */
  readonly speed: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `act` once, `ms` from now. Returns a function that cancels it. */
  after(ms: number, act: () => void | Promise<void>, options?: TimerOptions): () => void;
  /** Resolves once work of AWS's own that takes `ms` is done; rejects with the signal's reason if aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Marks work outside this thread's current turn (a worker, a socket, a file): virtual time stands still until it
   * settles. Never hold work that itself waits on the clock: that is a deadlock.
   */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Whether time stands still, and nothing is under way that could end this. Never true of real time. */
  readonly standing: boolean;
}

/** Calls `act` once, when work of AWS's own that takes `ms` is done. Returns a function that cancels it. */
export const afterWork = (clock: Clock, ms: number, act: () => void | Promise<void>): (() => void) =>
  clock.after(ms / clock.speed, act);

/** Implements `Clock.sleep` with `Clock.after`. */
export function sleepOn(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = afterWork(clock, ms, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    const abort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** Remembers the last answer: in factory time, many calls have the same moment. */
const written = (write: (moment: Date) => string) => {
  let last: { readonly ms: number; readonly text: string } | undefined;
  return (ms: number): string => {
    if (last?.ms !== ms) last = { ms, text: write(new Date(ms)) };
    return last.text;
  };
};

/** ISO 8601 in UTC with milliseconds. */
export const isoTime = written((moment) => moment.toISOString());

/** A date of HTTP's headers (RFC 9110, "Date/Time Formats"). */
export const httpDate = written((moment) => moment.toUTCString());
