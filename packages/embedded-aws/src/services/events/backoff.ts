const FIRST_MS = 1_000;
/** Fits the 185 attempts that EventBridge makes by default into its 24 hours. */
const LONGEST_MS = 480_000;

/** How long until the next attempt after `retries` retries. AWS adds jitter; here the same run gives the same times. */
export const backoffMs = (retries: number): number => Math.min(FIRST_MS * 2 ** retries, LONGEST_MS);

export interface RetryLimits {
  readonly attempts: number;
  readonly ageMs: number;
}

/** The target's retry policy, or the default of EventBridge and of its Scheduler: 185 retries within 24 hours. */
export const retryLimits = (
  policy: { MaximumRetryAttempts?: number | undefined; MaximumEventAgeInSeconds?: number | undefined } | undefined,
): RetryLimits => ({
  attempts: policy?.MaximumRetryAttempts ?? 185,
  ageMs: (policy?.MaximumEventAgeInSeconds ?? 86_400) * 1_000,
});

/** Which limit forbids another attempt at `nextAt`; undefined while neither does. */
export function exhausted(
  limits: RetryLimits,
  retries: number,
  since: number,
  nextAt: number,
): "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | undefined {
  if (retries >= limits.attempts) return "MaximumRetryAttempts";
  return nextAt - since > limits.ageMs ? "MaximumEventAgeInSeconds" : undefined;
}
