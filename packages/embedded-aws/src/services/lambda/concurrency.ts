import type {
  Concurrency,
  DeleteFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyCommandInput,
  GetFunctionConcurrencyResponse,
  PutFunctionConcurrencyCommandInput,
} from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/aws-error.ts";
import { operation } from "../../engine/operation.ts";
import { functionPlace, requireFunction } from "./find-function.ts";

export const putFunctionConcurrency = operation<PutFunctionConcurrencyCommandInput, Concurrency>({
  authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
  run({ FunctionName, ReservedConcurrentExecutions: reserved = 0 }, call) {
    const fn = requireFunction(call.aws, functionPlace(FunctionName, call));
    if (!Number.isInteger(reserved) || reserved < 0) {
      throw new AwsError(
        "ValidationException",
        `1 validation error detected: Value '${reserved}' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0`,
      );
    }
    fn.reservedConcurrency = reserved;
    return { ReservedConcurrentExecutions: reserved };
  },
});

export const getFunctionConcurrency = operation<GetFunctionConcurrencyCommandInput, GetFunctionConcurrencyResponse>({
  authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
  run({ FunctionName }, call) {
    const { reservedConcurrency } = requireFunction(call.aws, functionPlace(FunctionName, call));
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  },
});

export const deleteFunctionConcurrency = operation<DeleteFunctionConcurrencyCommandInput, Record<string, never>>({
  authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
  run({ FunctionName }, call) {
    requireFunction(call.aws, functionPlace(FunctionName, call)).reservedConcurrency = undefined;
    return {};
  },
});
