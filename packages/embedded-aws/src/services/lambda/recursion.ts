import type * as Sdk from "@aws-sdk/client-lambda";
import { AwsError, type Operations } from "../../engine/operation.ts";
import type { Principal } from "../../engine/principal.ts";
import { functionPlace, type LambdaFunction, requireFunction } from "./state.ts";

/** How often each function ran in a chain of requests, by ARN; in AWS, `Lineage` in X-Ray's header. */
export type Lineage = Readonly<Record<string, number>>;

/** Lambda developer guide, "Use Lambda recursive loop detection": stops after about 16 times in one chain. */
const MOST_TURNS = 16;

/**
 * Each execution environment's current chain, by the principal of its keys: it runs one invocation at a time. Chains
 * through SQS, SNS and S3, which Lambda also follows, are not followed here.
 */
const chains = new WeakMap<Principal, Lineage>();

export const carryLineage = (environment: Principal, lineage: Lineage): void => void chains.set(environment, lineage);

/** The chain with one more run of a function; `stops` if Lambda does not allow that run. */
export function nextTurn(
  caller: Principal,
  fn: LambdaFunction,
): { readonly lineage: Lineage; readonly stops: boolean } {
  const before = chains.get(caller) ?? {};
  const turns = (before[fn.arn] ?? 0) + 1;
  return { lineage: { ...before, [fn.arn]: turns }, stops: turns > MOST_TURNS && fn.recursiveLoop === "Terminate" };
}

export const recursiveInvocation = (): AwsError =>
  new AwsError(
    "RecursiveInvocationException",
    "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
  );

export const operations = {
  PutFunctionRecursionConfig: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, RecursiveLoop = "Terminate" }, call) {
      requireFunction(call.aws, functionPlace(FunctionName, call)).recursiveLoop = RecursiveLoop;
      return { RecursiveLoop };
    },
  },
  GetFunctionRecursionConfig: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run: ({ FunctionName }, call) => ({
      RecursiveLoop: requireFunction(call.aws, functionPlace(FunctionName, call)).recursiveLoop,
    }),
  },
} satisfies Operations<typeof Sdk>;
