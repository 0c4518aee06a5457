import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-sns";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { confirmationOf } from "./notification.ts";
import { keepSent } from "./outbox.ts";
import { invalid, onTopic, requireTopic, type Subscription, type Topic } from "./state.ts";

/** Asks an address that is not AWS's whether it wants a topic's messages; the token is what it answers with. */
export function askToConfirm(aws: EmbeddedAws, topic: Topic, subscription: Subscription): void {
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

/** Of no use without having been sent it: the subscription's own id is shown to nobody before. */
const tokenOf = ({ arn }: Subscription): string => createHash("sha512").update(`confirm ${arn}`).digest("hex");

export const operations = {
  /** Whoever has the token of a subscription's confirmation has it confirmed; again changes nothing. */
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
} satisfies Operations<typeof Sdk>;
