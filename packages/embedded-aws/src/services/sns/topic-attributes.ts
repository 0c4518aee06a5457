import { AwsError } from "../../engine/aws-error.ts";
import { invalid, type Topic } from "./state.ts";

const SETTABLE = [
  "DisplayName",
  "Policy",
  "DeliveryPolicy",
  "KmsMasterKeyId",
  "SignatureVersion",
  "TracingConfig",
  "MaximumMessageSize",
];

/** Refuses attributes that a topic doesn't have, and JSON ones that are no JSON. */
export function checkTopicAttribute(name: string, value: string): void {
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
    ...topic.attributes,
  };
};

/** What a topic starts with: its own account may do everything with it (SNS, default access policy). */
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
