import type {
  CreateTopicCommandInput,
  CreateTopicCommandOutput,
  SetTopicAttributesCommandInput,
  SubscribeCommandInput,
  SubscribeCommandOutput,
} from "@aws-sdk/client-sns";
import { type Creator, tagList } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

/** Pulumi's names of a topic's attributes. */
const TOPIC = {
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

export const createTopic: Creator = async (inputs, site) => {
  const Name = inputs.text("name");
  const { TopicArn = "" } = await site.call<CreateTopicCommandOutput>("sns", "CreateTopic", {
    Name,
    Attributes: attributes(inputs, TOPIC),
    Tags: tagList(inputs),
  } satisfies CreateTopicCommandInput);
  return { id: TopicArn, arn: TopicArn, name: Name };
};

export const createTopicPolicy: Creator = async (inputs, site) => {
  const TopicArn = inputs.text("arn");
  await site.call("sns", "SetTopicAttributes", {
    TopicArn,
    AttributeName: "Policy",
    AttributeValue: inputs.json("policy"),
  } satisfies SetTopicAttributesCommandInput);
  return { id: TopicArn };
};

export const createTopicSubscription: Creator = async (inputs, site) => {
  const { SubscriptionArn = "" } = await site.call<SubscribeCommandOutput>("sns", "Subscribe", {
    TopicArn: inputs.text("topic"),
    Protocol: inputs.text("protocol"),
    Endpoint: inputs.text("endpoint"),
    Attributes: attributes(inputs, SUBSCRIPTION),
    ReturnSubscriptionArn: true,
  } satisfies SubscribeCommandInput);
  inputs.drop("says how long the provider waits", "confirmationTimeoutInMinutes", "endpointAutoConfirms");
  return { id: SubscriptionArn, arn: SubscriptionArn };
};

const attributes = (inputs: Inputs, names: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([key, name]) => {
      const value = inputs.json(key);
      return value === undefined ? [] : [[name, value]];
    }),
  );
