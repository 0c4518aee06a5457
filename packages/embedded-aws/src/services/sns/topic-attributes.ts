import { type Authorization, AwsError } from "../../engine/operation.ts";
import { invalid, type Topic } from "./state.ts";

/** Delivery logging for each protocol (API reference, SetTopicAttributes). */
const FEEDBACK =
  /^(Application|Firehose|HTTP|Lambda|SQS)(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)$/;
const FEEDBACK_ROLE = /FeedbackRoleArn$/;

/** Valid values of other attributes. */
const SETTABLE: Readonly<Record<string, RegExp>> = {
  DisplayName: /^/,
  Policy: /^/,
  DeliveryPolicy: /^/,
  KmsMasterKeyId: /^/,
  SignatureVersion: /^[12]$/,
  TracingConfig: /^(PassThrough|Active)$/,
  MaximumMessageSize: /^\d+$/,
};

/** Refuses unknown attributes and invalid values. */
export function checkTopicAttribute(name: string, value: string): void {
  if (/Fifo|ContentBased|Archive/.test(name)) {
    throw new AwsError("NotImplemented", `FIFO topics (attribute ${name}) are not built in the embedded AWS`);
  }
  const shape = shapeOf(name);
  if (!shape) throw invalid("AttributeName");
  if (name === "Policy" || (name === "DeliveryPolicy" && value !== "")) requireJson(name, value);
  if (value !== "" && !shape.test(value)) throw invalid(name);
}

function shapeOf(name: string): RegExp | undefined {
  if (!FEEDBACK.test(name)) return SETTABLE[name];
  return FEEDBACK_ROLE.test(name) ? /^arn:[\w-]+:iam::\d{12}:role\/.+$/ : /^(\d{1,2}|100)$/;
}

function requireJson(name: string, value: string): void {
  try {
    JSON.parse(value);
  } catch {
    throw invalid(`${name}: JSON could not be parsed`);
  }
}

/** An empty value removes an attribute. */
export const withoutEmpty = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ""));

/** SNS's logging roles require iam:PassRole. */
export const passingRoles = (attributes: Readonly<Record<string, string>>): Partial<Authorization>[] =>
  Object.entries(attributes)
    .filter(([name, value]) => FEEDBACK_ROLE.test(name) && value !== "")
    .map(([, role]) => ({
      action: "iam:PassRole",
      resources: [role],
      context: { "iam:PassedToService": "sns.amazonaws.com" },
    }));

/** Default 256 KiB (Publish API reference). */
export const mostBytes = (topic: Topic): number => Number(topic.attributes.MaximumMessageSize ?? 262_144);

export const shownTopicAttributes = (topic: Topic): Record<string, string> => {
  const all = [...topic.subscriptions.values()];
  const confirmed = all.filter((subscription) => subscription.confirmed).length;
  return {
    TopicArn: topic.arn,
    Owner: topic.account,
    DisplayName: "",
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(all.length - confirmed),
    SubscriptionsDeleted: "0",
    EffectiveDeliveryPolicy: effectiveDeliveryPolicy(topic.attributes.DeliveryPolicy),
    ...topic.attributes,
  };
};

/** SNS's default retries (SNS developer guide, "Creating an HTTP/S delivery policy"). */
const DEFAULT_RETRIES = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: "linear",
};

function effectiveDeliveryPolicy(policy = "{}"): string {
  const { http = {} } = JSON.parse(policy) as { http?: { defaultHealthyRetryPolicy?: object } };
  return JSON.stringify({
    http: {
      disableSubscriptionOverrides: false,
      defaultRequestPolicy: { headerContentType: "text/plain; charset=UTF-8" },
      ...http,
      defaultHealthyRetryPolicy: { ...DEFAULT_RETRIES, ...http.defaultHealthyRetryPolicy },
    },
  });
}

/** A topic's default policy: its account may do everything (SNS, default access policy). */
export const defaultPolicy = (topic: Pick<Topic, "arn" | "account">): string =>
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
