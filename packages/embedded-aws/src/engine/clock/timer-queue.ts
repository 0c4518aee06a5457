/** Something to do at a certain time. */
export interface Timer {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly order: number;
  readonly act: () => void | Promise<void>;
  readonly recurring: boolean;
}

/** Timers by time; timers of the same time in the order they were set. */
export class TimerQueue {
  readonly #timers: Timer[] = [];
  #order = 0;
  #single = 0;

  add(at: number, act: Timer["act"], recurring = false): Timer {
    const timer = { at, order: this.#order++, act, recurring };
    this.#timers.splice(this.#position(timer), 0, timer);
    if (!recurring) this.#single++;
    return timer;
  }

  /** The number of waiting timers that are not recurring. */
  get single(): number {
    return this.#single;
  }

  /** Does nothing if the timer is no longer waiting. */
  remove(timer: Timer): void {
    const position = this.#position(timer);
    if (this.#timers[position] !== timer) return;
    this.#timers.splice(position, 1);
    if (!timer.recurring) this.#single--;
  }

  first(): Timer | undefined {
    return this.#timers[0];
  }

  /** Removes and answers the earliest timer if it is due by `time`. */
  takeDue(time: number): Timer | undefined {
    const first = this.#timers[0];
    if (!first || first.at > time) return undefined;
    if (!first.recurring) this.#single--;
    return this.#timers.shift();
  }

  /** The timer's index, or the index to insert it at. */
  #position({ at, order }: Timer): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle]!;
      if (other.at < at || (other.at === at && other.order < order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
