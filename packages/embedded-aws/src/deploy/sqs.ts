import type {
  CreateQueueCommandInput,
  CreateQueueCommandOutput,
  QueueAttributeName,
  SetQueueAttributesCommandInput,
} from "@aws-sdk/client-sqs";
import type { Creator } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

/** Pulumi's names of the attributes. */
const ATTRIBUTES = {
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  delaySeconds: "DelaySeconds",
  fifoQueue: "FifoQueue",
  fifoThroughputLimit: "FifoThroughputLimit",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  kmsMasterKeyId: "KmsMasterKeyId",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  policy: "Policy",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  redriveAllowPolicy: "RedriveAllowPolicy",
  redrivePolicy: "RedrivePolicy",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  visibilityTimeoutSeconds: "VisibilityTimeout",
} as const satisfies Record<string, QueueAttributeName>;

export const createQueue: Creator = async (inputs, site) => {
  const QueueName = inputs.text("name");
  const { QueueUrl = "" } = await site.call<CreateQueueCommandOutput>("sqs", "CreateQueue", {
    QueueName,
    Attributes: attributes(inputs),
    tags: inputs.textMap("tags"),
  } satisfies CreateQueueCommandInput);
  return {
    id: QueueUrl,
    url: QueueUrl,
    name: QueueName,
    arn: `arn:aws:sqs:${site.region}:${site.account}:${QueueName}`,
  };
};

export const createQueuePolicy: Creator = async (inputs, site) => {
  const QueueUrl = inputs.text("queueUrl");
  const Policy = inputs.json("policy") ?? "";
  await site.call("sqs", "SetQueueAttributes", {
    QueueUrl,
    Attributes: { Policy },
  } satisfies SetQueueAttributesCommandInput);
  return { id: QueueUrl };
};

/** SQS takes every attribute as a string; booleans false are what a queue has anyway. */
function attributes(inputs: Inputs): Partial<Record<QueueAttributeName, string>> {
  const given = Object.entries(ATTRIBUTES).flatMap(([key, name]) => {
    const value = inputs.json(key);
    return value === undefined || (name === "FifoQueue" && value === "false") ? [] : [[name, value]];
  });
  return Object.fromEntries(given) as Partial<Record<QueueAttributeName, string>>;
}
