import type * as Sdk from "@aws-sdk/client-sqs";
import type { Inputs } from "./inputs.ts";
import { put, type ResourceType, retag } from "./resource-type.ts";

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
} as const satisfies Record<string, Sdk.QueueAttributeName>;

/** SQS takes every attribute as a string; `false` is each boolean's default. */
function attributes(inputs: Inputs): Partial<Record<Sdk.QueueAttributeName, string>> {
  const given = Object.entries(ATTRIBUTES).flatMap(([key, name]) => {
    const value = inputs.json(key);
    return value === undefined || (name === "FifoQueue" && value === "false") ? [] : [[name, value]];
  });
  return Object.fromEntries(given) as Partial<Record<Sdk.QueueAttributeName, string>>;
}

export const queue: ResourceType = {
  async create(inputs, site) {
    const QueueName = inputs.text("name");
    const { QueueUrl = "" } = await site.call<Sdk.CreateQueueCommandOutput>("sqs", "CreateQueue", {
      QueueName,
      Attributes: attributes(inputs),
      tags: inputs.textMap("tags"),
    } satisfies Sdk.CreateQueueCommandInput);
    return {
      id: QueueUrl,
      url: QueueUrl,
      name: QueueName,
      arn: `arn:aws:sqs:${site.region}:${site.account}:${QueueName}`,
    };
  },
  async update(inputs, site, before) {
    const QueueUrl = before.attributes.url;
    inputs.text("name");
    const Attributes = { ...defaultsOf(before.inputs), ...attributes(inputs) };
    await site.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes } satisfies Sdk.SetQueueAttributesCommandInput);
    await retag(inputs, before, site, {
      service: "sqs",
      tag: (Tags) => ["TagQueue", { QueueUrl, Tags }],
      untag: (TagKeys) => ["UntagQueue", { QueueUrl, TagKeys }],
    });
    return before.attributes;
  },
  delete: ({ attributes: { url: QueueUrl } }, site) => site.call("sqs", "DeleteQueue", { QueueUrl }),
  replacedBy: ["name", "fifoQueue"],
};

export const queuePolicy = put({
  async create(inputs, site) {
    const QueueUrl = inputs.text("queueUrl");
    const Policy = inputs.json("policy") ?? "";
    await site.call("sqs", "SetQueueAttributes", {
      QueueUrl,
      Attributes: { Policy },
    } satisfies Sdk.SetQueueAttributesCommandInput);
    return { id: QueueUrl };
  },
  delete: ({ attributes: { id: QueueUrl } }, site) =>
    site.call("sqs", "SetQueueAttributes", { QueueUrl, Attributes: { Policy: "" } }),
  replacedBy: ["queueUrl"],
});

/** What the provider sets when the program no longer has an attribute (SQS API reference, CreateQueue). */
const DEFAULTS: Partial<Record<Sdk.QueueAttributeName, string>> = {
  DelaySeconds: "0",
  KmsMasterKeyId: "",
  MaximumMessageSize: "262144",
  MessageRetentionPeriod: "345600",
  Policy: "",
  ReceiveMessageWaitTimeSeconds: "0",
  RedriveAllowPolicy: "",
  RedrivePolicy: "",
  VisibilityTimeout: "30",
};

const defaultsOf = (before: Inputs) =>
  Object.fromEntries(
    Object.entries(ATTRIBUTES).flatMap(([key, name]) =>
      before.has(key) && DEFAULTS[name] !== undefined ? [[name, DEFAULTS[name]]] : [],
    ),
  );
