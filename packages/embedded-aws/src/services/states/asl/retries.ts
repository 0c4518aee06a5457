import type { Retrier } from "./definition.ts";
import { chance } from "./service-functions.ts";
import { namesError, type StateError } from "./state-error.ts";

/** The Retry field of one state: each retrier counts its own attempts. */
export class Retries {
  readonly #retriers: readonly Retrier[];
  readonly #used = new Map<Retrier, number>();
  readonly #seed: string;

  /** @param seed what jitter is drawn from, so that the same run waits the same time. */
  constructor(retriers: readonly Retrier[], seed: string) {
    this.#retriers = retriers;
    this.#seed = seed;
  }

  /** Milliseconds until the next attempt, or undefined when there is none. */
  delayAfter(failure: StateError): number | undefined {
    const retrier = this.#retriers.find(({ ErrorEquals }) => namesError(ErrorEquals, failure));
    if (!retrier) return undefined;
    const {
      IntervalSeconds = 1,
      MaxAttempts = 3,
      BackoffRate = 2,
      MaxDelaySeconds = Number.POSITIVE_INFINITY,
    } = retrier;
    const used = this.#used.get(retrier) ?? 0;
    if (used >= MaxAttempts) return undefined;
    this.#used.set(retrier, used + 1);
    const delay = Math.min(IntervalSeconds * BackoffRate ** used, MaxDelaySeconds) * 1_000;
    return retrier.JitterStrategy === "FULL" ? delay * chance(`${this.#seed} ${used}`) : delay;
  }
}
