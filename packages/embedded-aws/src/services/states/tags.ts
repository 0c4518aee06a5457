import type * as Sdk from "@aws-sdk/client-sfn";
import type { Tag } from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call, Operations } from "../../engine/operation.ts";
import { statesOf } from "./find.ts";
import type { StateMachine } from "./state.ts";

export const tagMap = (tags: readonly Tag[] | undefined): ReadonlyMap<string, string> =>
  new Map((tags ?? []).map(({ key = "", value = "" }) => [key, value]));

export const operations = {
  TagResource: {
    authorize: ({ resourceArn }) => [{ resources: [resourceArn ?? "*"] }],
    run({ resourceArn, tags }, call) {
      const machine = tagged(call, resourceArn);
      retag(call, machine, new Map([...machine.tags, ...tagMap(tags)]));
      return {};
    },
  },
  UntagResource: {
    authorize: ({ resourceArn }) => [{ resources: [resourceArn ?? "*"] }],
    run({ resourceArn, tagKeys = [] }, call) {
      const machine = tagged(call, resourceArn);
      retag(call, machine, new Map([...machine.tags].filter(([key]) => !tagKeys.includes(key))));
      return {};
    },
  },
  ListTagsForResource: {
    authorize: ({ resourceArn }) => [{ resources: [resourceArn ?? "*"] }],
    run({ resourceArn }, call) {
      const { tags } = tagged(call, resourceArn);
      return { tags: [...tags].map(([key, value]) => ({ key, value })) };
    },
  },
} satisfies Operations<typeof Sdk>;

function retag(call: Call, machine: StateMachine, tags: ReadonlyMap<string, string>): void {
  statesOf(call).machines.set(machine.arn, { ...machine, tags });
}

function tagged(call: Call, arn: string | undefined): StateMachine {
  const machine = statesOf(call).machines.get(arn ?? "");
  if (machine) return machine;
  throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`);
}
