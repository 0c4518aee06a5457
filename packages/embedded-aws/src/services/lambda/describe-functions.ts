import type * as Sdk from "@aws-sdk/client-lambda";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { functionPlace, requireFunction } from "./find-function.ts";
import { functionConfiguration } from "./function-configuration.ts";
import { functions } from "./state.ts";

/** Lambda gives at most 50 functions a page. */
const PAGE = 50;

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
    run({ Marker, MaxItems = PAGE }, call) {
      const all = [...call.aws.state(functions, call.account, call.region).values()];
      all.sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, next } = paginate(all, Marker, Math.min(MaxItems, PAGE), "InvalidParameterValueException");
      return { Functions: items.map(functionConfiguration), ...(next && { NextMarker: next }) };
    },
  },
} satisfies Operations<typeof Sdk>;
