import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { isTooLarge, requireConcurrency } from "./admit-invocation.ts";
import { writeLog } from "./function-logs.ts";
import { recordFunctionMetric } from "./function-metric.ts";
import type { Invocation, Outcome } from "./function-runner.ts";
import { runnerOf } from "./runner.ts";
import type { LambdaFunction } from "./state.ts";

/**
 * Runs an invocation that somebody waits for.
 * @throws AwsError TooManyRequestsException where the function's reserved concurrency is used up
 */
export async function admitAndRun(aws: EmbeddedAws, fn: LambdaFunction, invocation: Invocation): Promise<Outcome> {
  try {
    requireConcurrency(fn);
  } catch (refusal) {
    recordFunctionMetric(aws, fn, "Throttles", 1);
    throw refusal;
  }
  return await runFunction(aws, fn, invocation);
}

/** Runs an admitted invocation to its end. */
export async function runFunction(aws: EmbeddedAws, fn: LambdaFunction, invocation: Invocation): Promise<Outcome> {
  const { requestId } = invocation;
  fn.running++;
  try {
    writeLog(aws, fn, requestId, `START RequestId: ${requestId} Version: $LATEST\n`);
    const begun = aws.clock.now();
    const outcome = bounded(await runnerOf(aws).run(fn, invocation));
    writeLog(aws, fn, requestId, `END RequestId: ${requestId}\n`);
    recordFunctionMetric(aws, fn, "Invocations", 1);
    recordFunctionMetric(aws, fn, "Duration", aws.clock.now() - begun);
    recordFunctionMetric(aws, fn, "Errors", outcome.failed ? 1 : 0);
    return outcome;
  } finally {
    fn.running--;
  }
}

function bounded(outcome: Outcome): Outcome {
  if (!isTooLarge(outcome.payload)) return outcome;
  return {
    failed: true,
    payload: JSON.stringify({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    }),
  };
}
