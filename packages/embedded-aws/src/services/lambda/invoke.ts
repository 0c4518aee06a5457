import type * as Sdk from "@aws-sdk/client-lambda";
import type { Call, Operations } from "../../engine/operation.ts";
import { acceptEvent, stopLoop } from "./asynchronous-event.ts";
import { requireRunnable } from "./function-code.ts";
import type { Invocation } from "./function-runner.ts";
import { recordFunctionMetric } from "./function-telemetry.ts";
import { resourcePolicy } from "./permissions.ts";
import { nextTurn, recursiveInvocation } from "./recursion.ts";
import { admitAndRun, readPayload } from "./run-function.ts";
import { findFunction, functionPlace, type LambdaFunction, qualifiedArn, requireFunction } from "./state.ts";

export const operations = {
  Invoke: {
    authorize({ FunctionName, Qualifier }, call) {
      const place = functionPlace(FunctionName, call, Qualifier);
      const fn = findFunction(call.aws, place);
      return [
        {
          action: "lambda:InvokeFunction",
          resources: [qualifiedArn(place)],
          resourcePolicy: fn && resourcePolicy(fn),
          owner: place.account,
        },
      ];
    },
    async run(input, call) {
      const place = functionPlace(input.FunctionName, call, input.Qualifier);
      const fn = requireFunction(call.aws, place);
      const { InvocationType: kind = "RequestResponse" } = input;
      if (kind === "DryRun") return { StatusCode: 204 };
      requireRunnable(fn);
      const { lineage, stops } = nextTurn(call.principal, fn);
      const invocation = toInvocation(input, call, { invokedFunctionArn: qualifiedArn(place), kind, lineage });
      if (stops) recordFunctionMetric(call.aws, fn, "RecursiveInvocationsDropped", 1);
      switch (kind) {
        case "Event":
          if (stops) stopLoop(call.aws, fn, invocation);
          else acceptEvent(call.aws, fn, invocation);
          return { StatusCode: 202 };
        case "RequestResponse":
          if (stops) throw recursiveInvocation();
          return await answer(fn, invocation, input, call);
      }
    },
  },
} satisfies Operations<typeof Sdk>;

async function answer(
  fn: LambdaFunction,
  invocation: Invocation,
  { LogType }: Sdk.InvocationRequest,
  { aws }: Call,
): Promise<Sdk.InvocationResponse> {
  const { failed, payload, lines } = await admitAndRun(aws, fn, invocation);
  return {
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    ...(failed && { FunctionError: "Unhandled" }),
    ...(LogType === "Tail" && { LogResult: logTail(lines) }),
    Payload: Buffer.from(payload),
  };
}

/** LogResult's size: the last 4 KB (Lambda API reference, `LogType`). */
const TAIL_BYTES = 4_096;

/** The end of an invocation's log, in base64. */
const logTail = (lines: readonly string[]): string =>
  Buffer.from(lines.join("")).subarray(-TAIL_BYTES).toString("base64");

interface Turn extends Pick<Invocation, "invokedFunctionArn" | "lineage"> {
  readonly kind: "Event" | "RequestResponse";
}

const toInvocation = (
  { Payload, ClientContext }: Sdk.InvocationRequest,
  { requestId }: Call,
  { invokedFunctionArn, kind, lineage }: Turn,
): Invocation => ({
  requestId,
  payload: readPayload(Payload, kind),
  invokedFunctionArn,
  lineage,
  clientContext: ClientContext === undefined ? undefined : Buffer.from(ClientContext, "base64").toString(),
});
