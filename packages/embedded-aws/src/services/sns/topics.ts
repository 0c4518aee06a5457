import type * as Sdk from "@aws-sdk/client-sns";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { findTopic, invalid, onTopic, requireTopic, topicArn, topicsOf } from "./state.ts";
import {
  checkTopicAttribute,
  defaultPolicy,
  passingRoles,
  shownTopicAttributes,
  withoutEmpty,
} from "./topic-attributes.ts";

export const operations = {
  /** Creates a topic, or answers the existing one if its attributes are the same. */
  CreateTopic: {
    authorize: ({ Name = "", Attributes = {}, Tags = [] }, { aws, account, region }) => [
      {
        resources: [topicArn(aws, account, region, Name)],
        context: requestTagContext(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      },
      ...passingRoles(Attributes),
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
        attributes: withoutEmpty({ Policy: defaultPolicy({ arn, account }), ...Attributes }),
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
    authorize: ({ TopicArn, AttributeName = "", AttributeValue = "" }, call) => [
      ...onTopic(call, TopicArn),
      ...passingRoles({ [AttributeName]: AttributeValue }),
    ],
    run({ TopicArn, AttributeName = "", AttributeValue = "" }, { aws }) {
      const topic = requireTopic(aws, TopicArn);
      checkTopicAttribute(AttributeName, AttributeValue);
      topic.attributes = withoutEmpty({ ...topic.attributes, [AttributeName]: AttributeValue });
    },
  },
} satisfies Operations<typeof Sdk>;
