import type * as Sdk from "@aws-sdk/client-lambda";
import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import type { Call, Operations } from "../../engine/operation.ts";
import { acceptEvent } from "./asynchronous-event.ts";
import { findFunction, functionPlace, qualifiedArn, requireFunction } from "./find-function.ts";
import type { Invocation } from "./function-runner.ts";
import { logTail } from "./function-telemetry.ts";
import { resourcePolicy } from "./permissions.ts";
import { admitAndRun, readPayload } from "./run-function.ts";
import type { LambdaFunction } from "./state.ts";

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
      switch (kind) {
        case "DryRun":
          return { StatusCode: 204 };
        case "Event":
          acceptEvent(call.aws, fn, toInvocation(input, call, qualifiedArn(place), kind));
          return { StatusCode: 202 };
        case "RequestResponse":
          return await answer(fn, toInvocation(input, call, qualifiedArn(place), kind), input, call);
      }
    },
  },
} satisfies Operations<typeof Sdk>;

async function answer(
  fn: LambdaFunction,
  invocation: Invocation,
  { LogType }: InvocationRequest,
  { aws }: Call,
): Promise<InvocationResponse> {
  const { failed, payload } = await admitAndRun(aws, fn, invocation);
  return {
    StatusCode: 200,
    ExecutedVersion: "$LATEST",
    ...(failed && { FunctionError: "Unhandled" }),
    ...(LogType === "Tail" && { LogResult: logTail(aws, fn, invocation.requestId) }),
    Payload: Buffer.from(payload),
  };
}

const toInvocation = (
  { Payload, ClientContext }: InvocationRequest,
  { requestId }: Call,
  invokedFunctionArn: string,
  kind: "Event" | "RequestResponse",
): Invocation => ({
  requestId,
  payload: readPayload(Payload, kind),
  invokedFunctionArn,
  clientContext: ClientContext === undefined ? undefined : Buffer.from(ClientContext, "base64").toString(),
});
