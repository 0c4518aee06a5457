import type {
  ListTagsOfResourceCommandInput,
  ListTagsOfResourceCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-dynamodb";
import { operation } from "../../engine/operation.ts";
import { runDynalite } from "./run-dynalite.ts";
import { onTable } from "./table-arn.ts";

export const tagResource = operation<TagResourceCommandInput, object>({
  authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
  async run(input, call) {
    await runDynalite(call, "TagResource", input);
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, object>({
  authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
  async run(input, call) {
    await runDynalite(call, "UntagResource", input);
    return {};
  },
});

export const listTagsOfResource = operation<ListTagsOfResourceCommandInput, ListTagsOfResourceCommandOutput>({
  authorize: ({ ResourceArn }, call) => onTable(call, ResourceArn),
  run: (input, call) => runDynalite(call, "ListTagsOfResource", input),
});
