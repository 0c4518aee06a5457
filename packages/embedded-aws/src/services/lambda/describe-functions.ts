import type * as Sdk from "@aws-sdk/client-lambda";
import type { Operations } from "../../engine/operation.ts";
import { functionPlace, requireFunction } from "./find-function.ts";
import { functionConfiguration } from "./function-configuration.ts";
import { functions } from "./state.ts";

export const operations = {
  GetFunction: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run({ FunctionName, Qualifier }, call) {
      const fn = requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier));
      return {
        Configuration: functionConfiguration(fn),
        ...(fn.tags.size > 0 && { Tags: Object.fromEntries(fn.tags) }),
        ...(fn.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency },
        }),
      };
    },
  },
  GetFunctionConfiguration: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    run: ({ FunctionName, Qualifier }, call) =>
      functionConfiguration(requireFunction(call.aws, functionPlace(FunctionName, call, Qualifier))),
  },
  ListFunctions: {
    list: "Functions",
    run(_, call) {
      const all = [...call.aws.state(functions, call.account, call.region).values()];
      return { Functions: all.sort((a, b) => (a.name < b.name ? -1 : 1)).map(functionConfiguration) };
    },
  },
} satisfies Operations<typeof Sdk>;
