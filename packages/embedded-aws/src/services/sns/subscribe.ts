import type * as Sdk from "@aws-sdk/client-sns";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { askToConfirm } from "./confirm-subscription.ts";
import { isOutside } from "./outbox.ts";
import { findTopic, invalid, onSubscription, onTopic, requireTopic, type Subscription } from "./state.ts";
import { checkSubscriptionAttributes, filterOf } from "./subscription-attributes.ts";

/** What an endpoint must look like, by protocol. */
const ENDPOINTS: Readonly<Record<string, RegExp>> = {
  sqs: /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+$/,
  lambda: /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/,
  email: /^[^@\s]+@[^@\s]+$/,
  "email-json": /^[^@\s]+@[^@\s]+$/,
  https: /^https:\/\/[^\s/]+(\/\S*)?$/,
};

const NOT_BUILT = ["http", "sms", "application", "firehose"];

function checkEndpoint(protocol: string, endpoint: string): void {
  if (NOT_BUILT.includes(protocol)) {
    throw new AwsError("NotImplemented", `sns:Subscribe with protocol ${protocol} is not built in the embedded AWS`);
  }
  const shape = ENDPOINTS[protocol];
  if (!shape) throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (!shape.test(endpoint)) throw invalid(`${protocol === "sqs" ? "SQS endpoint ARN" : `${protocol} endpoint`}`);
}

export const operations = {
  /** Subscribes a queue or a function at once; an address outside AWS when it has confirmed. */
  Subscribe: {
    authorize: ({ TopicArn, Protocol = "", Endpoint = "" }, call) =>
      onTopic(call, TopicArn).map((asked) => ({
        ...asked,
        context: { "sns:Protocol": Protocol, "sns:Endpoint": Endpoint },
      })),
    run({ TopicArn, Protocol = "", Endpoint = "", Attributes = {}, ReturnSubscriptionArn }, { aws, account }) {
      const topic = requireTopic(aws, TopicArn);
      checkEndpoint(Protocol, Endpoint);
      checkSubscriptionAttributes(Attributes);
      const filter = filterOf(Attributes);
      const existing = [...topic.subscriptions.values()].find(
        (one) => one.protocol === Protocol && one.endpoint === Endpoint,
      );
      if (existing && Object.entries(Attributes).some(([name, value]) => existing.attributes[name] !== value)) {
        throw invalid("Attributes Reason: Subscription already exists with different attributes");
      }
      const confirmed = existing?.confirmed ?? !isOutside(Protocol);
      const subscription: Subscription = existing ?? {
        arn: `${topic.arn}:${aws.uuid()}`,
        topicArn: topic.arn,
        owner: account,
        protocol: Protocol,
        endpoint: Endpoint,
        confirmed,
        attributes: Attributes,
        filter,
      };
      topic.subscriptions.set(subscription.arn, subscription);
      if (!confirmed) askToConfirm(aws, topic, subscription);
      return { SubscriptionArn: confirmed || ReturnSubscriptionArn ? subscription.arn : "pending confirmation" };
    },
  },
  Unsubscribe: {
    authorize: ({ SubscriptionArn }, call) => onSubscription(call, SubscriptionArn),
    run({ SubscriptionArn = "" }, { aws }) {
      if (SubscriptionArn.split(":").length < 7)
        throw invalid("SubscriptionArn Reason: An ARN must have at least 7 elements");
      findTopic(aws, SubscriptionArn)?.subscriptions.delete(SubscriptionArn);
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
