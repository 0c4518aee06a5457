/** Time as a function sees it: the clock's, which stands still while the function runs, and what it slept itself. */
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

  /** Moves on to `time`. False where the invocation ends before. */
  sleepUntil(time: number): boolean {
    if (time >= this.#deadline) return false;
    this.#slept += Math.max(0, time - this.now());
    return true;
  }
}
