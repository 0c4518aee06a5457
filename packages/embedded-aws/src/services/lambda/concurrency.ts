import type * as Sdk from "@aws-sdk/client-lambda";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { functionPlace, requireFunction } from "./find-function.ts";

export const operations = {
  PutFunctionConcurrency: {
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
  },
  GetFunctionConcurrency: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName }, call) {
      const { reservedConcurrency } = requireFunction(call.aws, functionPlace(FunctionName, call));
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
  },
  DeleteFunctionConcurrency: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName }, call) {
      requireFunction(call.aws, functionPlace(FunctionName, call)).reservedConcurrency = undefined;
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
