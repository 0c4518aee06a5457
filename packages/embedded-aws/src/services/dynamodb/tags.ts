import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { Operations } from "../../engine/operation.ts";
import { runDynalite } from "./run-dynalite.ts";
import { onTable } from "./table-arn.ts";

export const operations = {
  TagResource: {
    authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
    async run(input, call) {
      await runDynalite(call, "TagResource", input);
      return {};
    },
  },
  UntagResource: {
    authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
    async run(input, call) {
      await runDynalite(call, "UntagResource", input);
      return {};
    },
  },
  ListTagsOfResource: {
    authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
    run: (input, call) => runDynalite(call, "ListTagsOfResource", input),
  },
} satisfies Operations<typeof Sdk>;
