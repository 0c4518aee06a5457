import type { Rate } from "./published-rates.ts";

/** Requests take tokens in the order in which they come; who finds none is told when theirs will be there. */
export class TokenBucket {
  readonly #rate: Rate;
  /** Below zero: tokens that are given away before they are there. */
  #tokens: number;
  /** Milliseconds since the epoch. */
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Milliseconds until there is a token for who asks now. */
  waitFor(now: number): number {
    this.#refill(now);
    return Math.max(0, Math.ceil(((1 - this.#tokens) / this.#rate.perSecond) * 1_000));
  }

  /** Takes the token that `waitFor` spoke of. */
  take(): void {
    this.#tokens--;
  }

  /** Nobody waits, and nothing was taken: as good as a new one. */
  isFull(now: number): boolean {
    this.#refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  /** The service had none: others of the account spend from the same bucket. */
  empty(now: number): void {
    this.#refill(now);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #refill(now: number): void {
    const { burst, perSecond } = this.#rate;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, now - this.#at) / 1_000) * perSecond);
    this.#at = Math.max(this.#at, now);
  }
}
