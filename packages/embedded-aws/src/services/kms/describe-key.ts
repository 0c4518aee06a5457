import type * as Sdk from "@aws-sdk/client-kms";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
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
    run(input, { aws, account, region }) {
      const keys = [...aws.state(kmsState, account, region).keys.values()];
      const page = paginate(keys, input.Marker, input.Limit ?? 100, "InvalidMarkerException");
      return {
        Keys: page.items.map((key) => ({ KeyId: key.id, KeyArn: key.arn })),
        Truncated: page.next !== undefined,
        ...(page.next && { NextMarker: page.next }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
