import type * as Sdk from "@aws-sdk/client-sns";
import type { Subscription as SubscriptionShape } from "@aws-sdk/client-sns";
import type { Operations } from "../../engine/operation.ts";
import {
  onSubscription,
  onTopic,
  requireSubscription,
  requireTopic,
  type Subscription,
  subscriptionsOf,
} from "./state.ts";
import { checkSubscriptionAttributes, filterOf, shownSubscriptionAttributes } from "./subscription-attributes.ts";

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
      subscription.attributes = attributes;
      return {};
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
