import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-sns";
import type { Subscription as SubscriptionShape } from "@aws-sdk/client-sns";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { isOutside, keepSent } from "./deliver.ts";
import { confirmationOf } from "./notification.ts";
import {
  findTopic,
  invalid,
  onSubscription,
  onTopic,
  requireSubscription,
  requireTopic,
  type Subscription,
  subscriptionsOf,
  type Topic,
} from "./state.ts";
import {
  checkSubscriptionAttributes,
  filterOf,
  keptAttributes,
  shownSubscriptionAttributes,
} from "./subscription-attributes.ts";

/** The format of an endpoint, by protocol. */
const ENDPOINTS: Readonly<Record<string, RegExp>> = {
  sqs: /^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+$/,
  lambda: /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:.+$/,
  email: /^[^@\s]+@[^@\s]+$/,
  "email-json": /^[^@\s]+@[^@\s]+$/,
  https: /^https:\/\/[^\s/]+(\/\S*)?$/,
};

const NOT_BUILT = ["http", "sms", "application", "firehose"];

export const operations = {
  ListSubscriptions: {
    list: "Subscriptions",
    run: (_, { aws, account, region }) => ({ Subscriptions: subscriptionsOf(aws, account, region).map(shown) }),
  },
  ListSubscriptionsByTopic: {
    list: "Subscriptions",
    authorize: ({ TopicArn }, call) => onTopic(call, TopicArn),
    run: ({ TopicArn }, { aws }) => ({
      Subscriptions: [...requireTopic(aws, TopicArn).subscriptions.values()].map(shown),
    }),
  },
  GetSubscriptionAttributes: {
    authorize: ({ SubscriptionArn }, call) => onSubscription(call, SubscriptionArn),
    run: ({ SubscriptionArn }, { aws }) => ({
      Attributes: shownSubscriptionAttributes(requireSubscription(aws, SubscriptionArn)),
    }),
  },
  SetSubscriptionAttributes: {
    authorize: ({ SubscriptionArn }, call) => onSubscription(call, SubscriptionArn),
    run({ SubscriptionArn, AttributeName = "", AttributeValue = "" }, { aws }) {
      const subscription = requireSubscription(aws, SubscriptionArn);
      const attributes = { ...subscription.attributes, [AttributeName]: AttributeValue };
      checkSubscriptionAttributes({ [AttributeName]: AttributeValue });
      subscription.filter = filterOf(attributes);
      subscription.attributes = keptAttributes(attributes);
    },
  },
  /** Any caller with the confirmation's token can confirm; repeating it changes nothing. */
  ConfirmSubscription: {
    authorize: ({ TopicArn }, call) => onTopic(call, TopicArn),
    run({ TopicArn, Token = "", AuthenticateOnUnsubscribe }, { aws }) {
      if (AuthenticateOnUnsubscribe?.toLowerCase() === "true") {
        throw new AwsError(
          "NotImplemented",
          "sns:ConfirmSubscription with AuthenticateOnUnsubscribe is not built in the embedded AWS",
        );
      }
      const topic = requireTopic(aws, TopicArn);
      const found = [...topic.subscriptions.values()].find((one) => tokenOf(one) === Token);
      if (!found) throw invalid("Token");
      found.confirmed = true;
      return { SubscriptionArn: found.arn };
    },
  },
  /** Subscribes a queue or a function at once; an external address after it has confirmed. */
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
        attributes: keptAttributes(Attributes),
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
      const subscriptions = findTopic(aws, SubscriptionArn)?.subscriptions;
      if (subscriptions?.get(SubscriptionArn)?.confirmed === false) {
        throw invalid("Cannot unsubscribe a subscription that is pending confirmation");
      }
      subscriptions?.delete(SubscriptionArn);
    },
  },
} satisfies Operations<typeof Sdk>;

const shown = (subscription: Subscription): SubscriptionShape => ({
  SubscriptionArn: subscription.confirmed ? subscription.arn : "PendingConfirmation",
  Owner: subscription.owner,
  Protocol: subscription.protocol,
  Endpoint: subscription.endpoint,
  TopicArn: subscription.topicArn,
});

/** Sends a confirmation request with a token to an external address. */
function askToConfirm(aws: EmbeddedAws, topic: Topic, subscription: Subscription): void {
  const { protocol, endpoint } = subscription;
  const asked = confirmationOf(topic, tokenOf(subscription), new Date(aws.clock.now()));
  keepSent(aws, topic, {
    protocol,
    endpoint,
    kind: "SubscriptionConfirmation",
    subject: protocol === "email" ? "AWS Notification - Subscription Confirmation" : undefined,
    body: protocol === "email" ? `${asked.Message}\n${asked.SubscribeURL}` : JSON.stringify(asked),
  });
}

/** Derived from the subscription's id, which is not shown before the confirmation. */
const tokenOf = ({ arn }: Subscription): string => createHash("sha512").update(`confirm ${arn}`).digest("hex");

function checkEndpoint(protocol: string, endpoint: string): void {
  if (NOT_BUILT.includes(protocol)) {
    throw new AwsError("NotImplemented", `sns:Subscribe with protocol ${protocol} is not built in the embedded AWS`);
  }
  const shape = ENDPOINTS[protocol];
  if (!shape) throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (!shape.test(endpoint)) throw invalid(`${protocol === "sqs" ? "SQS endpoint ARN" : `${protocol} endpoint`}`);
}
