import type {
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  Tag,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import { type Call, operation } from "../../engine/operation.ts";
import type { Answer } from "./answer.ts";
import { statesOf } from "./find.ts";
import type { StateMachine } from "./state.ts";

export const tagMap = (tags: readonly Tag[] | undefined): ReadonlyMap<string, string> =>
  new Map((tags ?? []).map(({ key = "", value = "" }) => [key, value]));

export const tagResource = operation<TagResourceCommandInput, object>({
  authorize: ({ resourceArn }) => [{ resources: [resourceArn ?? "*"] }],
  run({ resourceArn, tags }, call) {
    const machine = tagged(call, resourceArn);
    retag(call, machine, new Map([...machine.tags, ...tagMap(tags)]));
    return {};
  },
});

export const untagResource = operation<UntagResourceCommandInput, object>({
  authorize: ({ resourceArn }) => [{ resources: [resourceArn ?? "*"] }],
  run({ resourceArn, tagKeys = [] }, call) {
    const machine = tagged(call, resourceArn);
    retag(call, machine, new Map([...machine.tags].filter(([key]) => !tagKeys.includes(key))));
    return {};
  },
});

export const listTagsForResource = operation<ListTagsForResourceCommandInput, Answer<ListTagsForResourceCommandOutput>>(
  {
    authorize: ({ resourceArn }) => [{ resources: [resourceArn ?? "*"] }],
    run({ resourceArn }, call) {
      const { tags } = tagged(call, resourceArn);
      return { tags: [...tags].map(([key, value]) => ({ key, value })) };
    },
  },
);

function retag(call: Call, machine: StateMachine, tags: ReadonlyMap<string, string>): void {
  statesOf(call).machines.set(machine.arn, { ...machine, tags });
}

function tagged(call: Call, arn: string | undefined): StateMachine {
  const machine = statesOf(call).machines.get(arn ?? "");
  if (machine) return machine;
  throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`);
}
