export interface TimerOptions {
  /** Comes again and again for ever, as a schedule does: virtual time that races is not driven by it. */
  readonly recurring?: boolean;
}

/** Factory time. Nothing in local/ reads the machine's clock elsewhere. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `act` once, `ms` from now. The answer cancels it. */
  after(ms: number, act: () => void | Promise<void>, options?: TimerOptions): () => void;
  /** Resolves `ms` from now; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Marks work that leaves this thread's own turn (a worker, a socket, a file): virtual time stands still until it
   * settles. Never hold work that itself waits on the clock: time would never come.
   */
  hold<T>(work: Promise<T>): Promise<T>;
}

/** `Clock.sleep` by means of `Clock.after`. */
export function sleepOn(clock: Pick<Clock, "after">, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = clock.after(ms, () => {
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
