import type { Bucket } from "./published-limits.ts";

/** Tokens that refill evenly; AWS's documents say so much a second, which comes to the same over seconds. */
export class TokenBucket {
  readonly #size: Bucket;
  #tokens: number;
  /** Milliseconds since the epoch. */
  #at: number;

  constructor(size: Bucket, now: number) {
    this.#size = size;
    this.#tokens = size.burst;
    this.#at = now;
  }

  /** Whether there is a token to take. */
  has(now: number): boolean {
    // Thousandths, because sums of fractions would leave a token that is due a little short.
    const { burst, perSecond } = this.#size;
    const refilled = Math.round(this.#tokens * 1000 + Math.max(0, now - this.#at) * perSecond) / 1000;
    this.#tokens = Math.min(burst, refilled);
    this.#at = Math.max(this.#at, now);
    return this.#tokens >= 1;
  }

  /** After `has`. */
  take(): void {
    this.#tokens--;
  }
}
