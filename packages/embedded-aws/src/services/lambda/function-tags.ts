import type * as Sdk from "@aws-sdk/client-lambda";
import type { Operations } from "../../engine/operation.ts";
import { functionPlace, requireFunction } from "./find-function.ts";

export const operations = {
  TagResource: {
    authorize: ({ Resource }, call) => [{ resources: [functionPlace(Resource, call).arn] }],
    run({ Resource, Tags }, call) {
      const { tags } = requireFunction(call.aws, functionPlace(Resource, call));
      for (const [key, value] of Object.entries(Tags ?? {})) tags.set(key, value);
      return {};
    },
  },
  UntagResource: {
    authorize: ({ Resource }, call) => [{ resources: [functionPlace(Resource, call).arn] }],
    run({ Resource, TagKeys }, call) {
      const { tags } = requireFunction(call.aws, functionPlace(Resource, call));
      for (const key of TagKeys ?? []) tags.delete(key);
      return {};
    },
  },
  ListTags: {
    authorize: ({ Resource }, call) => [{ resources: [functionPlace(Resource, call).arn] }],
    run: ({ Resource }, call) => ({
      Tags: Object.fromEntries(requireFunction(call.aws, functionPlace(Resource, call)).tags),
    }),
  },
} satisfies Operations<typeof Sdk>;
