import type { Target } from "@aws-sdk/client-eventbridge";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { type Principal, rolePrincipal, servicePrincipal } from "../../engine/principal.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import { type BusEvent, forwardingEntry } from "./event.ts";
import type { Rule } from "./state.ts";
import { targetInput } from "./target-input.ts";
import { type TargetRequest, targetRequest } from "./target-request.ts";

export interface Delivery {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  /** When the bus received the event, in milliseconds; its age counts from here. */
  readonly acceptedAt: number;
}

/** Delivers an event to a target; on failure retries, or sends it to the dead-letter queue, by its retry policy. */
export async function deliver(aws: EmbeddedAws, delivery: Delivery, retries = 0): Promise<void> {
  const { rule, target, acceptedAt } = delivery;
  const [, , , region = "", account = ""] = rule.arn.split(":");
  try {
    const request = requestOf(aws, delivery);
    const principal = principalOf(rule, target, account);
    await aws.call(request.service, request.operation, request.input, { principal, region: request.region });
  } catch (error) {
    const failure = deliveryFailure(error);
    recordMetric(aws, account, region, { ...metricOf(rule), metricName: "FailedInvocations", value: 1 });
    const wait = backoffMs(retries);
    const condition = exhausted(retryLimits(target.RetryPolicy), retries, acceptedAt, aws.clock.now() + wait);
    if (failure.retry && !condition) {
      aws.clock.after(wait, () => deliver(aws, delivery, retries + 1));
      return;
    }
    const letter: DeadLetter = { ...delivery, failure, retries, condition: failure.retry ? condition : undefined };
    await sendDeadLetter(aws, letter, servicePrincipal("events.amazonaws.com", account, rule.arn));
  }
}

function requestOf(aws: EmbeddedAws, { rule, target, event, acceptedAt }: Delivery): TargetRequest {
  const arn = target.Arn ?? "";
  const [, , service, region = "", account = ""] = arn.split(":");
  if (service === "events") {
    const input = { Entries: [forwardingEntry(event, arn)] };
    return { service, operation: "PutEvents", region, account, input };
  }
  const payload = targetInput(rule, target, event, acceptedAt);
  return targetRequest(aws, arn, payload, target.SqsParameters?.MessageGroupId);
}

/** With a role, the role's policies decide; without one, the target's policy, for this rule. */
const principalOf = (rule: Rule, target: Target, account: string): Principal =>
  target.RoleArn === undefined
    ? servicePrincipal("events.amazonaws.com", account, rule.arn)
    : rolePrincipal(target.RoleArn, "EventBridge");

/** A rule's CloudWatch metrics: `AWS/Events` by rule name, and by bus name unless it is the default bus. */
const metricOf = (rule: Rule) => ({
  namespace: "AWS/Events",
  dimensions: { RuleName: rule.name, ...(rule.busName !== "default" && { EventBusName: rule.busName }) },
});

interface DeadLetter {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  readonly failure: DeliveryFailure;
  readonly retries: number;
  /** The limit that ended the attempts; undefined if the failure cannot be retried. */
  readonly condition: string | undefined;
}

/**
 * Sends an undelivered event unchanged to the target's dead-letter queue, with the reason as message attributes
 * (EventBridge user guide, "Using dead-letter queues"). As in AWS, the event is lost without a queue, or if the queue's
 * policy does not allow EventBridge.
 */
async function sendDeadLetter(aws: EmbeddedAws, letter: DeadLetter, principal: Principal): Promise<void> {
  const queueArn = letter.target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return;
  const request = targetRequest(aws, queueArn, JSON.stringify(letter.event));
  const input = { ...request.input, MessageAttributes: textAttributes(reasons(letter)) };
  try {
    await aws.call(request.service, request.operation, input, { principal, region: request.region });
  } catch (error) {
    deliveryFailure(error);
  }
}

const reasons = ({ rule, target, failure, retries, condition }: DeadLetter): Record<string, string | undefined> => ({
  RULE_ARN: rule.arn,
  TARGET_ARN: target.Arn,
  ERROR_CODE: failure.code,
  ERROR_MESSAGE: failure.message,
  EXHAUSTED_RETRY_CONDITION: condition,
  RETRY_ATTEMPTS: String(retries),
});

/** SQS message attributes of type String, without empty ones, which SQS does not allow. */
export const textAttributes = (values: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value)
      .map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );

/** Why a target could not be invoked, as a dead-letter message's ERROR_CODE, and whether to retry. */
interface DeliveryFailure {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
}

/**
 * Missing permissions and missing targets go to the dead-letter queue at once; other failures are retried
 * (EventBridge user guide, "Using dead-letter queues").
 * @throws errors that AWS would not answer: a bug of the embedded AWS, or an operation that is not built
 */
function deliveryFailure(error: unknown): DeliveryFailure {
  if (!(error instanceof AwsError) || error.code === "NotImplemented") throw error;
  const kind = KINDS.find(({ codes }) => codes.test(error.code)) ?? { code: "ERROR_FROM_TARGET", retry: true };
  return { code: kind.code, message: error.message, retry: kind.retry };
}

const KINDS = [
  { codes: /AccessDenied|Authorization|NotAuthorized|Unauthorized/i, code: "NO_PERMISSIONS", retry: false },
  { codes: /NotFound|DoesNotExist|NonExistent/i, code: "NO_RESOURCE", retry: false },
  { codes: /Throttl|TooManyRequests|LimitExceeded|RequestLimit/i, code: "THROTTLING", retry: true },
  { codes: /InvalidRequestContent|InvalidExecutionInput|MalformedInput/i, code: "INVALID_JSON", retry: false },
  { codes: /^(Invalid|Validation|UnsupportedOperation)/i, code: "INVALID_PARAMETER", retry: false },
] as const;

const FIRST_MS = 1_000;

/** Fits EventBridge's default of 185 attempts into its 24 hours. */
const LONGEST_MS = 480_000;

/**
 * The delay before the next attempt after `retries` retries. AWS adds jitter; here the same run gives the same times.
 */
export const backoffMs = (retries: number): number => Math.min(FIRST_MS * 2 ** retries, LONGEST_MS);

interface RetryLimits {
  readonly attempts: number;
  readonly ageMs: number;
}

/** The target's retry policy, or the default of EventBridge and of its Scheduler: 185 retries within 24 hours. */
export const retryLimits = (
  policy: { MaximumRetryAttempts?: number | undefined; MaximumEventAgeInSeconds?: number | undefined } | undefined,
): RetryLimits => ({
  attempts: policy?.MaximumRetryAttempts ?? 185,
  ageMs: (policy?.MaximumEventAgeInSeconds ?? 86_400) * 1_000,
});

/** The limit that forbids another attempt at `nextAt`; undefined if neither does. */
export function exhausted(
  limits: RetryLimits,
  retries: number,
  since: number,
  nextAt: number,
): "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | undefined {
  if (retries >= limits.attempts) return "MaximumRetryAttempts";
  return nextAt - since > limits.ageMs ? "MaximumEventAgeInSeconds" : undefined;
}
