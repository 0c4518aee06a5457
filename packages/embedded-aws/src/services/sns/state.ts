import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import type { Pattern } from "../events/pattern/matches.ts";

export interface Topic {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  attributes: Record<string, string>;
  readonly tags: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly owner: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** False for addresses whose owner must confirm; nothing is sent there before. */
  confirmed: boolean;
  attributes: Record<string, string>;
  filter: Pattern | undefined;
}

const topics = defineState("sns topics", () => new Map<string, Topic>());

export const topicsOf = (aws: EmbeddedAws, account: string, region: string): Map<string, Topic> =>
  aws.state(topics, account, region);

export const topicArn = (aws: EmbeddedAws, account: string, region: string, name: string): string =>
  `arn:${aws.partition}:sns:${region}:${account}:${name}`;

/** A topic by ARN, in any account and region. Undefined if it does not exist. */
export function findTopic(aws: EmbeddedAws, arn: string | undefined): Topic | undefined {
  const [, , service, region = "", account = "", name = ""] = (arn ?? "").split(":");
  return service === "sns" ? topicsOf(aws, account, region).get(name) : undefined;
}

export function requireTopic(aws: EmbeddedAws, arn: string | undefined): Topic {
  if (!/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/.test(arn ?? "")) throw invalid("TopicArn");
  const topic = findTopic(aws, arn);
  if (!topic) throw new AwsError("NotFoundException", "Topic does not exist");
  return topic;
}

/** An account's subscriptions to all topics of a region, whichever account owns the topics. */
export const subscriptionsOf = (aws: EmbeddedAws, account: string, region: string): Subscription[] =>
  [...aws.places(topics)]
    .filter((place) => place.region === region)
    .flatMap(({ state }) => [...state.values()].flatMap((topic) => [...topic.subscriptions.values()]))
    .filter(({ owner }) => owner === account);

export function requireSubscription(aws: EmbeddedAws, arn: string | undefined): Subscription {
  const subscription = findTopic(aws, arn)?.subscriptions.get(arn ?? "");
  if (!subscription) throw new AwsError("NotFoundException", "Subscription does not exist");
  return subscription;
}

/** SNS's error for a parameter: `Invalid parameter: TopicArn`. */
export const invalid = (what: string): AwsError =>
  new AwsError("InvalidParameterException", `Invalid parameter: ${what}`);

/** Every operation on a topic is authorized on its ARN, with the topic's policy. */
export function onTopic(call: Call, arn: string | undefined): Partial<Authorization>[] {
  const topic = findTopic(call.aws, arn);
  return [
    {
      resources: [arn ?? "*"],
      resourcePolicy: topic?.attributes.Policy,
      owner: topic?.account ?? call.account,
    },
  ];
}

/**
 * A subscription belongs to its owner, even for another account's topic; for other callers the topic's policy decides.
 * A deleted one is not found by any caller: the Terraform provider waits for that answer on deletion (inferred).
 */
export function onSubscription(call: Call, arn = ""): Partial<Authorization>[] {
  const topic = findTopic(call.aws, arn);
  const subscription = topic?.subscriptions.get(arn);
  const isOpen = subscription ? subscription.owner === call.account : topic !== undefined;
  return isOpen ? [{}] : onTopic(call, arn.split(":").slice(0, 6).join(":"));
}
