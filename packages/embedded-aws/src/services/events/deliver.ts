import type { Target } from "@aws-sdk/client-eventbridge";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Principal, rolePrincipal, servicePrincipal } from "../../engine/principal.ts";
import { recordMetric } from "../monitoring/record-metric.ts";
import { backoffMs, exhausted, retryLimits } from "./backoff.ts";
import { type DeadLetter, sendDeadLetter } from "./dead-letter.ts";
import { deliveryFailure } from "./delivery-failure.ts";
import type { BusEvent } from "./event.ts";
import { forwardingEntry } from "./forward.ts";
import type { Rule } from "./state.ts";
import { targetInput } from "./target-input.ts";
import { type TargetRequest, targetRequest } from "./target-request.ts";

export interface Delivery {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  /** When the bus took the event, in milliseconds: its age counts from here. */
  readonly acceptedAt: number;
}

/** Hands an event to a target; tries again later, or gives up to the dead-letter queue, as its retry policy says. */
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

/** With a role the role's policies decide, without one the target's own policy, for this rule. */
const principalOf = (rule: Rule, target: Target, account: string): Principal =>
  target.RoleArn === undefined
    ? servicePrincipal("events.amazonaws.com", account, rule.arn)
    : rolePrincipal(target.RoleArn, "EventBridge");

/** What CloudWatch knows about a rule: `AWS/Events` by rule name, and by bus name where it is not the default bus. */
const metricOf = (rule: Rule) => ({
  namespace: "AWS/Events",
  dimensions: { RuleName: rule.name, ...(rule.busName !== "default" && { EventBusName: rule.busName }) },
});
