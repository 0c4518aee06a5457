import type { Refusal } from "../core/share/explain-refusal.ts";

/** Errors that ask for patience, whatever their status says (SDK, `@smithy/core`'s list of throttling errors). */
const PATIENCE =
  /Throttl|TooManyRequests|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown|ConcurrentModification|RequestTimeout/;

/**
 * What AWS refused, as far as it is an answer: a request that was too many, or a failure of AWS's or of the network's,
 * says nothing about rights.
 * @returns undefined where it is no answer
 */
export function toRefusal(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const { httpStatusCode: status = 0 } = error.$metadata as { readonly httpStatusCode?: number };
  if (status < 400 || status >= 500 || PATIENCE.test(error.name)) return undefined;
  return { code: error.name, message: error.message };
}
