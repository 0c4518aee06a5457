import type { Invocation, Outcome } from "./function-runner.ts";
import type { LambdaFunction } from "./state.ts";

/** Why Lambda is done with an event. */
export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** An asynchronous invocation that came to its end, this way or that. */
export interface FinishedEvent {
  readonly fn: LambdaFunction;
  readonly invocation: Invocation;
  readonly condition: Condition;
  readonly invokeCount: number;
  /** Of the last run, if there was one. */
  readonly outcome: Outcome | undefined;
}

/** What destinations get: developer guide, "Capturing records of Lambda asynchronous invocations". */
export const invocationRecord = (
  { fn, invocation, condition, invokeCount, outcome }: FinishedEvent,
  now: number,
): string =>
  JSON.stringify({
    version: "1.0",
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: invocation.requestId,
      functionArn: `${fn.arn}:$LATEST`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    requestPayload: JSON.parse(invocation.payload),
    ...(outcome && {
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST",
        ...(outcome.failed && { functionError: "Unhandled" }),
      },
      responsePayload: JSON.parse(outcome.payload),
    }),
  });
