import type * as Sdk from "@aws-sdk/client-lambda";
import type { Operations } from "../../engine/operation.ts";
import { functionPlace, requireFunction } from "./find-function.ts";
import { runnerOf } from "./runner.ts";
import { functions } from "./state.ts";

export const operations = {
  DeleteFunction: {
    authorize: ({ FunctionName }, call) => [{ resources: [functionPlace(FunctionName, call).arn] }],
    async run({ FunctionName, Qualifier }, { aws, ...call }) {
      const fn = requireFunction(aws, functionPlace(FunctionName, { aws, ...call }, Qualifier));
      aws.state(functions, fn.account, fn.region).delete(fn.name);
      await runnerOf(aws).discard(fn);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
