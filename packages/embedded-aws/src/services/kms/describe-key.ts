import type * as Sdk from "@aws-sdk/client-kms";
import type { Operations } from "../../engine/operation.ts";
import { authorizeKey } from "./authorize-key.ts";
import { requireKey } from "./find-key.ts";
import { toKeyMetadata } from "./key-metadata.ts";
import { kmsState } from "./state.ts";

export const operations = {
  DescribeKey: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run: (input, call) => ({ KeyMetadata: toKeyMetadata(requireKey(call.aws, call, input.KeyId)) }),
  },
  ListKeys: {
    list: { items: "Keys", usual: 100 },
    run(_, { aws, account, region }) {
      const keys = [...aws.state(kmsState, account, region).keys.values()];
      return { Keys: keys.map((key) => ({ KeyId: key.id, KeyArn: key.arn })) };
    },
  },
} satisfies Operations<typeof Sdk>;
