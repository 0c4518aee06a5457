import type * as Sdk from "@aws-sdk/client-sqs";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { checkedAttributes, shownAttributes } from "./queue-attributes.ts";
import { counts } from "./queue-depth.ts";
import { onQueue, requireQueue } from "./state.ts";

/** Known, and absent unless set. */
const OPTIONAL = [
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "FifoQueue",
  "ContentBasedDeduplication",
];

export const operations = {
  GetQueueAttributes: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl, AttributeNames = [] }, call) {
      const queue = requireQueue(call, QueueUrl);
      const { visible, inFlight, delayed } = counts(queue, call.aws.clock.now());
      const all: Record<string, string> = {
        ...shownAttributes(queue),
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
        ApproximateNumberOfMessagesDelayed: String(delayed),
      };
      const names: readonly string[] = AttributeNames;
      const unknown = names.find((name) => name !== "All" && !(name in all) && !OPTIONAL.includes(name));
      if (unknown !== undefined) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
      const asked = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
      return { Attributes: Object.fromEntries(asked) };
    },
  },
  SetQueueAttributes: {
    authorize: ({ QueueUrl }, call) => onQueue(call, QueueUrl),
    run({ QueueUrl, Attributes = {} }, call) {
      const queue = requireQueue(call, QueueUrl);
      queue.attributes = { ...queue.attributes, ...checkedAttributes(Attributes) };
      queue.modifiedAt = call.aws.clock.now();
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
