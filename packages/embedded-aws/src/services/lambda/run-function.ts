import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { requireConcurrency } from "./concurrency.ts";
import type { Invocation, Run } from "./function-runner.ts";
import { recordFunctionMetric } from "./function-telemetry.ts";
import { runnerOf } from "./runner.ts";
import type { LambdaFunction } from "./state.ts";

/**
 * Runs a synchronous invocation.
 * @throws AwsError TooManyRequestsException if the concurrency of the function or the account is exhausted
 */
export async function admitAndRun(aws: EmbeddedAws, fn: LambdaFunction, invocation: Invocation): Promise<Run> {
  try {
    requireConcurrency(aws, fn);
  } catch (refusal) {
    recordFunctionMetric(aws, fn, "Throttles", 1);
    throw refusal;
  }
  return await runFunction(aws, fn, invocation);
}

/** Runs an admitted invocation to its end. */
export async function runFunction(aws: EmbeddedAws, fn: LambdaFunction, invocation: Invocation): Promise<Run> {
  fn.running++;
  try {
    const begun = aws.clock.now();
    const run = bounded(await runnerOf(aws).run(fn, invocation));
    recordFunctionMetric(aws, fn, "Invocations", 1);
    recordFunctionMetric(aws, fn, "Duration", aws.clock.now() - begun);
    recordFunctionMetric(aws, fn, "Errors", run.failed ? 1 : 0);
    return run;
  } finally {
    fn.running--;
  }
}

function bounded(run: Run): Run {
  if (!isTooLarge(run.payload)) return run;
  return {
    ...run,
    failed: true,
    payload: JSON.stringify({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }),
  };
}

/** Request and response bodies of synchronous invocations, and events (Lambda quotas, developer guide). */
const MOST_BYTES = { RequestResponse: 6_291_456, Event: 1_048_576 };

/** An event without a payload is an empty object, as in Lambda. */
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

/** A result above Lambda's limit is a function error. */
const isTooLarge = (payload: string): boolean => Buffer.byteLength(payload) > MOST_BYTES.RequestResponse;
