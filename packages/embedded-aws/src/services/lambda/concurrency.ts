import type * as Sdk from "@aws-sdk/client-lambda";
import type { Operations } from "../../engine/operation.ts";
import { functionPlace, requireFunction } from "./find-function.ts";

export const operations = {
  PutFunctionConcurrency: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, ReservedConcurrentExecutions: reserved = 0 }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call));
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
