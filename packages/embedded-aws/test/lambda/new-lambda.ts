import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import type { Authorizer } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { createFunction, type NewFunction } from "../../src/services/lambda/create-function.ts";
import { InProcessRunner } from "../../src/services/lambda/in-process-runner.ts";
import { closeLambda, useRunner } from "../../src/services/lambda/runner.ts";

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
    /** Lets factory time pass, an hour at most, until the work is done. */
    async during<T>(work: Promise<T>): Promise<T> {
      await clock.runUntil(clock.now() + 3_600_000);
      return await work;
    },
    /** Runs functions without workers. */
    inThisThread: () => useRunner(aws, new InProcessRunner(aws, inProcessHandler(aws))),
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

/** A new one for each test of a file, which ends with the test. */
export function eachLambda(authorizer?: () => Authorizer) {
  const lambda = {} as ReturnType<typeof newLambda>;
  beforeEach(() => void Object.assign(lambda, newLambda(authorizer?.())));
  afterEach(() => closeLambda(lambda.aws));
  return lambda;
}
