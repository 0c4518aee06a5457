import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import { createAws } from "../../src/create-aws.ts";
import type { Authorizer } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { createFunction, type NewFunction } from "../../src/services/lambda/create-function.ts";

export const ACCOUNT = "111122223333";
export const REGION = "eu-west-1";
export const START = Date.UTC(2026, 3, 1, 8);

const allowAll: Authorizer = { authorize() {} };

/** An embedded AWS with functions from `fixtures/`. */
export function newLambda(authorizer: Authorizer = allowAll) {
  const clock = new VirtualClock(START);
  const aws = createAws({ clock, authorizer });
  const principal = accountPrincipal(ACCOUNT);

  return {
    aws,
    clock,
    /** @param handler `<file>.<export>` in `fixtures/`; the function's default name */
    deploy: (handler: string, options: Partial<NewFunction> = {}) =>
      createFunction(aws, ACCOUNT, REGION, {
        name: handler.replace(".", "-"),
        handler,
        root: `${import.meta.dirname}/fixtures`,
        role: `arn:aws:iam::${ACCOUNT}:role/function`,
        ...options,
      }),
    call: <Output>(operation: string, input: object, as: Principal = principal, service = "lambda") =>
      aws.call<Output>(service, operation, input, { principal: as, region: REGION }),
    /** Calls of another service. */
    of:
      (service: string) =>
      <Output>(operation: string, input: object = {}) =>
        aws.call<Output>(service, operation, input, { principal, region: REGION }),
    async invoke(FunctionName: string, event: unknown = {}, more: Partial<InvocationRequest> = {}) {
      const input = { FunctionName, Payload: Buffer.from(JSON.stringify(event)), ...more };
      const answer = await aws.call<InvocationResponse>("lambda", "Invoke", input, { principal, region: REGION });
      const payload = answer.Payload ? JSON.parse(Buffer.from(answer.Payload).toString()) : undefined;
      return { status: answer.StatusCode, error: answer.FunctionError, log: answer.LogResult, payload };
    },
  };
}
