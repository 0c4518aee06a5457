import type * as Sdk from "@aws-sdk/client-sns";
import { AwsError } from "../engine/operation.ts";
import type { Inputs } from "./inputs.ts";
import { put, type ResourceType, retag, type Site, tagList, toTagList } from "./resource-type.ts";

/** Delivery logging for each protocol: Pulumi's name and SNS's. */
const FEEDBACK = Object.fromEntries(
  Object.entries({
    application: "Application",
    firehose: "Firehose",
    http: "HTTP",
    lambda: "Lambda",
    sqs: "SQS",
  }).flatMap(([to, To]) =>
    ["SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"].map((name) => [
      `${to}${name}`,
      `${To}${name}`,
    ]),
  ),
);

/** Pulumi's names of a topic's attributes. */
const TOPIC = {
  ...FEEDBACK,
  contentBasedDeduplication: "ContentBasedDeduplication",
  deliveryPolicy: "DeliveryPolicy",
  displayName: "DisplayName",
  fifoTopic: "FifoTopic",
  kmsMasterKeyId: "KmsMasterKeyId",
  policy: "Policy",
  signatureVersion: "SignatureVersion",
  tracingConfig: "TracingConfig",
};

const SUBSCRIPTION = {
  deliveryPolicy: "DeliveryPolicy",
  filterPolicy: "FilterPolicy",
  filterPolicyScope: "FilterPolicyScope",
  rawMessageDelivery: "RawMessageDelivery",
  redrivePolicy: "RedrivePolicy",
  subscriptionRoleArn: "SubscriptionRoleArn",
};

const attributes = (inputs: Inputs, names: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([key, name]) => {
      const value = inputs.json(key);
      return value === undefined ? [] : [[name, value]];
    }),
  );

export const topic: ResourceType = {
  async create(inputs, site) {
    const Name = inputs.text("name");
    const { TopicArn = "" } = await site.call<Sdk.CreateTopicCommandOutput>("sns", "CreateTopic", {
      Name,
      Attributes: attributes(inputs, TOPIC),
      Tags: tagList(inputs),
    } satisfies Sdk.CreateTopicCommandInput);
    return { id: TopicArn, arn: TopicArn, name: Name };
  },
  async update(inputs, site, before) {
    inputs.text("name");
    const { arn: TopicArn } = before.attributes;
    await setEach(site, "SetTopicAttributes", { TopicArn }, [before.inputs, inputs], TOPIC);
    await retag(inputs, before, site, {
      service: "sns",
      tag: (tags) => ["TagResource", { ResourceArn: TopicArn, Tags: toTagList(tags) }],
      untag: (TagKeys) => ["UntagResource", { ResourceArn: TopicArn, TagKeys }],
    });
    return before.attributes;
  },
  delete: ({ attributes: { arn: TopicArn } }, site) => site.call("sns", "DeleteTopic", { TopicArn }),
  replacedBy: ["name", "fifoTopic"],
};

/** On deletion the provider sets the default policy of a new topic, which allows its owner everything. */
export const topicPolicy = put({
  async create(inputs, site) {
    const TopicArn = inputs.text("arn");
    await site.call("sns", "SetTopicAttributes", {
      TopicArn,
      AttributeName: "Policy",
      AttributeValue: inputs.json("policy"),
    } satisfies Sdk.SetTopicAttributesCommandInput);
    return { id: TopicArn };
  },
  delete: ({ attributes: { id: TopicArn } }, site) => {
    const Statement = [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["sns:Publish", "sns:Subscribe", "sns:GetTopicAttributes", "sns:SetTopicAttributes"],
        Resource: TopicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": site.account } },
      },
    ];
    const AttributeValue = JSON.stringify({ Version: "2008-10-17", Id: "__default_policy_ID", Statement });
    return site.call("sns", "SetTopicAttributes", { TopicArn, AttributeName: "Policy", AttributeValue });
  },
  replacedBy: ["arn"],
});

export const topicSubscription: ResourceType = {
  async create(inputs, site) {
    const { SubscriptionArn = "" } = await site.call<Sdk.SubscribeCommandOutput>("sns", "Subscribe", {
      TopicArn: inputs.text("topic"),
      Protocol: inputs.text("protocol"),
      Endpoint: inputs.text("endpoint"),
      Attributes: attributes(inputs, SUBSCRIPTION),
      ReturnSubscriptionArn: true,
    } satisfies Sdk.SubscribeCommandInput);
    inputs.drop("only used by the provider while it waits", "confirmationTimeoutInMinutes", "endpointAutoConfirms");
    return { id: SubscriptionArn, arn: SubscriptionArn };
  },
  async update(inputs, site, before) {
    for (const key of ["topic", "protocol", "endpoint"]) inputs.text(key);
    inputs.drop("only used by the provider while it waits", "confirmationTimeoutInMinutes", "endpointAutoConfirms");
    const SubscriptionArn = before.attributes.arn;
    await setEach(site, "SetSubscriptionAttributes", { SubscriptionArn }, [before.inputs, inputs], SUBSCRIPTION);
    return before.attributes;
  },
  async delete({ attributes: { arn: SubscriptionArn } }, site) {
    try {
      await site.call("sns", "Unsubscribe", { SubscriptionArn });
    } catch (error) {
      // The provider does not delete it: SNS removes unconfirmed subscriptions by itself.
      if (!(error instanceof AwsError && error.message.includes("pending confirmation"))) throw error;
    }
  },
  replacedBy: ["topic", "protocol", "endpoint"],
};

/** SNS sets one attribute at a time; an attribute that the program no longer has is cleared, except the policy. */
async function setEach(
  site: Site,
  operation: string,
  what: object,
  [before, now]: readonly [Inputs, Inputs],
  names: Record<string, string>,
): Promise<void> {
  const was = attributes(before, names);
  const is = attributes(now, names);
  for (const AttributeName of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const AttributeValue = is[AttributeName] ?? "";
    if (AttributeName === "Policy" && AttributeValue === "") continue;
    if (was[AttributeName] !== is[AttributeName])
      await site.call("sns", operation, { ...what, AttributeName, AttributeValue });
  }
}
