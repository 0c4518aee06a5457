import { AwsError } from "../../engine/aws-error.ts";
import type { LambdaFunction } from "./state.ts";

/** Request and response bodies of synchronous invocations, and events (Lambda quotas, developer guide). */
const MOST_BYTES = { RequestResponse: 6_291_456, Event: 1_048_576 };

/** An event without a payload is an empty object, as it is in Lambda. */
export function readPayload(payload: Uint8Array | undefined, kind: keyof typeof MOST_BYTES): string {
  if (!payload || payload.length === 0) return "{}";
  if (payload.length > MOST_BYTES[kind]) {
    throw new AwsError(
      "RequestTooLargeException",
      `Request must be smaller than ${MOST_BYTES[kind]} bytes for the InvokeFunction operation`,
      { status: 413 },
    );
  }
  const text = Buffer.from(payload).toString();
  try {
    JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError("InvalidRequestContentException", `Could not parse request body into json: ${reason}`, {
      cause,
    });
  }
  return text;
}

/** @throws AwsError TooManyRequestsException where the function's reserved concurrency is used up */
export function requireConcurrency(fn: LambdaFunction): void {
  if (fn.reservedConcurrency === undefined || fn.running < fn.reservedConcurrency) return;
  throw new AwsError("TooManyRequestsException", "Rate Exceeded.", { status: 429 });
}

/** A result beyond Lambda's limit is a failure of the function. */
export const isTooLarge = (payload: string): boolean => Buffer.byteLength(payload) > MOST_BYTES.RequestResponse;
