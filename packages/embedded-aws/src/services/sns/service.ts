import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { confirmSubscription } from "./confirm-subscription.ts";
import { publish } from "./publish.ts";
import { subscribe, unsubscribe } from "./subscribe.ts";
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
} from "./subscriptions.ts";
import { createTopic, deleteTopic, getTopicAttributes, listTopics, setTopicAttributes } from "./topics.ts";

export const service: Service = {
  name: "sns",
  client: () => import("@aws-sdk/client-sns"),
  operations: bindTokens(
    {
      ConfirmSubscription: confirmSubscription,
      CreateTopic: createTopic,
      DeleteTopic: deleteTopic,
      GetSubscriptionAttributes: getSubscriptionAttributes,
      GetTopicAttributes: getTopicAttributes,
      ListSubscriptions: listSubscriptions,
      ListSubscriptionsByTopic: listSubscriptionsByTopic,
      ListTopics: listTopics,
      Publish: publish,
      SetSubscriptionAttributes: setSubscriptionAttributes,
      SetTopicAttributes: setTopicAttributes,
      Subscribe: subscribe,
      Unsubscribe: unsubscribe,
    },
    { asked: "NextToken", given: "NextToken", refusal: "InvalidParameterException" },
  ),
};
