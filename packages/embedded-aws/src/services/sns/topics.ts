import type * as Sdk from "@aws-sdk/client-sns";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { findTopic, invalid, onTopic, requireTopic, type Topic, topicArn, topicsOf } from "./state.ts";

const SETTABLE = [
  "DisplayName",
  "Policy",
  "DeliveryPolicy",
  "KmsMasterKeyId",
  "SignatureVersion",
  "TracingConfig",
  "MaximumMessageSize",
];

export const operations = {
  /** Makes a topic, or answers with the one of that name if its attributes are the same. */
  CreateTopic: {
    authorize: ({ Name = "", Tags = [] }, { aws, account, region }) => [
      {
        resources: [topicArn(aws, account, region, Name)],
        context: requestTagContext(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      },
    ],
    run({ Name = "", Attributes = {}, Tags = [] }, { aws, account, region }) {
      if (Name.endsWith(".fifo")) {
        throw new AwsError("NotImplemented", `FIFO topics (${Name}) are not built in the embedded AWS`);
      }
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(Name)) throw invalid("Topic Name");
      for (const [name, value] of Object.entries(Attributes)) checkTopicAttribute(name, value);
      const arn = topicArn(aws, account, region, Name);
      const existing = topicsOf(aws, account, region).get(Name);
      if (existing) {
        const other = Object.entries(Attributes).some(([name, value]) => existing.attributes[name] !== value);
        if (other) throw invalid("Attributes Reason: Topic already exists with different attributes");
        return { TopicArn: arn };
      }
      topicsOf(aws, account, region).set(Name, {
        name: Name,
        arn,
        account,
        region,
        attributes: { Policy: defaultPolicy({ arn, account }), ...Attributes },
        tags: new Map(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        subscriptions: new Map(),
      });
      return { TopicArn: arn };
    },
  },
  DeleteTopic: {
    authorize: ({ TopicArn }, call) => onTopic(call, TopicArn),
    run({ TopicArn }, { aws }) {
      const topic = findTopic(aws, TopicArn);
      if (topic) topicsOf(aws, topic.account, topic.region).delete(topic.name);
      return {};
    },
  },
  ListTopics: {
    list: "Topics",
    run: (_, { aws, account, region }) => ({
      Topics: [...topicsOf(aws, account, region).values()].map(({ arn }) => ({ TopicArn: arn })),
    }),
  },
  GetTopicAttributes: {
    authorize: ({ TopicArn }, call) => onTopic(call, TopicArn),
    run: ({ TopicArn }, { aws }) => ({ Attributes: shownTopicAttributes(requireTopic(aws, TopicArn)) }),
  },
  SetTopicAttributes: {
    authorize: ({ TopicArn }, call) => onTopic(call, TopicArn),
    run({ TopicArn, AttributeName = "", AttributeValue = "" }, { aws }) {
      const topic = requireTopic(aws, TopicArn);
      checkTopicAttribute(AttributeName, AttributeValue);
      topic.attributes = { ...topic.attributes, [AttributeName]: AttributeValue };
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;

/** Refuses attributes that a topic doesn't have, and JSON ones that are no JSON. */
function checkTopicAttribute(name: string, value: string): void {
  if (/Fifo|ContentBased|Archive/.test(name)) {
    throw new AwsError("NotImplemented", `FIFO topics (attribute ${name}) are not built in the embedded AWS`);
  }
  if (!SETTABLE.includes(name)) throw invalid("AttributeName");
  if (name === "Policy" || name === "DeliveryPolicy") {
    try {
      JSON.parse(value);
    } catch {
      throw invalid(`${name}: JSON could not be parsed`);
    }
  }
}

/** 256 KiB unless the topic says otherwise (Publish API reference). */
export const mostBytes = (topic: Topic): number => Number(topic.attributes.MaximumMessageSize ?? 262_144);

const shownTopicAttributes = (topic: Topic): Record<string, string> => {
  const all = [...topic.subscriptions.values()];
  const confirmed = all.filter((subscription) => subscription.confirmed).length;
  return {
    TopicArn: topic.arn,
    Owner: topic.account,
    DisplayName: "",
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(all.length - confirmed),
    SubscriptionsDeleted: "0",
    ...topic.attributes,
  };
};

/** What a topic starts with: its own account may do everything with it (SNS, default access policy). */
const defaultPolicy = (topic: Pick<Topic, "arn" | "account">): string =>
  JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "SNS:GetTopicAttributes",
          "SNS:SetTopicAttributes",
          "SNS:AddPermission",
          "SNS:RemovePermission",
          "SNS:DeleteTopic",
          "SNS:Subscribe",
          "SNS:ListSubscriptionsByTopic",
          "SNS:Publish",
        ],
        Resource: topic.arn,
        Condition: { StringEquals: { "AWS:SourceOwner": topic.account } },
      },
    ],
  });
