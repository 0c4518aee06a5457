/** Where virtual time stands that races: how far it was asked to go, and who waits for that. */
export class Race {
  /** Up to here recurring timers drive time, too; milliseconds since the epoch. */
  until = -Infinity;
  stopped = false;
  #wake: (() => void) | undefined;
  #awake = false;
  #asked: (() => void)[] = [];

  /** Resolves when time has passed up to `time`. */
  include(time: number): Promise<void> {
    this.until = Math.max(this.until, time);
    const passed = new Promise<void>((resolve) => this.#asked.push(resolve));
    this.wake();
    return passed;
  }

  /** All that was asked for has passed. */
  reached(): void {
    for (const passed of this.#asked.splice(0)) passed();
  }

  /** There is something to do. */
  wake(): void {
    this.#awake = true;
    this.#wake?.();
  }

  /** Resolves when there is something to do. */
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
    this.reached();
    this.wake();
  }
}
