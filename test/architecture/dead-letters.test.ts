import { describe, expect, it } from "vitest";
import type { BlueprintResource } from "../../core/factory/blueprint.ts";
import { at, blueprint, functionTargets, namesOf, resourcesOf } from "../world/read-blueprint.ts";
import { grantsOf, list, resourceStatementsOf } from "./policies.ts";

const { account, partition, buildRegion } = blueprint;
const arn = (service: string, resource: string) => `arn:${partition}:${service}:${buildRegion}:${account}:${resource}`;

const queues = new Map(resourcesOf("Queue").map((queue) => [arn("sqs", at<string>(queue, "name")), queue]));
const roleByArn = (roleArn: string): BlueprintResource =>
  resourcesOf("Role").find((role) => roleArn === `arn:${partition}:iam::${account}:role/${at(role, "name")}`)!;

const maySend = (role: BlueprintResource, queueArn: string): boolean =>
  grantsOf(role).some(
    ({ Action, Resource }) => list(Action).includes("sqs:SendMessage") && list(Resource).includes(queueArn),
  );

describe("events that cannot be handled are parked", () => {
  // What cannot be forwarded to the factory's bus is lost: the next full look finds what it would have reported.
  it.each(functionTargets())("by the rule's target $name, which its queue lets in", (target) => {
    const queueArn = at<string>(target, "deadLetterConfig", "arn");
    const bus = at<string | undefined>(target, "eventBusName");
    const ruleArn = arn("events", `rule/${bus ? `${bus}/` : ""}${at(target, "rule")}`);

    const queue = queues.get(queueArn);
    const policy = resourcesOf("QueuePolicy").find(({ inputs }) => inputs.queueUrl === `\${${queue?.name}.url}`)!;
    const letIn = resourceStatementsOf(policy).filter(
      ({ Effect, Action, Principal }) =>
        Effect === "Allow" &&
        list(Action).includes("sqs:SendMessage") &&
        JSON.stringify(Principal) === '{"Service":"events.amazonaws.com"}',
    );

    expect(letIn.flatMap(({ Condition }) => list(Condition?.ArnEquals?.["aws:SourceArn"]).flat())).toContain(ruleArn);
  });

  it.each(resourcesOf("Schedule"))("by the schedule $name, whose role may write to the queue", (schedule) => {
    const queueArn = at<string>(schedule, "target", "deadLetterConfig", "arn");

    const role = roleByArn(at<string>(schedule, "target", "roleArn"));

    expect(queues.has(queueArn)).toBe(true);
    expect(maySend(role, queueArn)).toBe(true);
  });

  it.each(asynchronousFunctions())("by the function $name, whose role may write to the queue", (lambda) => {
    const config = resourcesOf("FunctionEventInvokeConfig").find(
      ({ inputs }) => inputs.functionName === at(lambda, "name"),
    )!;
    const queueArn = at<string>(config, "destinationConfig", "onFailure", "destination");

    const role = roleByArn(at<string>(lambda, "role"));

    expect(queues.has(queueArn)).toBe(true);
    expect(maySend(role, queueArn)).toBe(true);
  });

  it("in queues that each have an alarm, which sends a notice", () => {
    const alarmed = resourcesOf("MetricAlarm")
      .filter((alarm) => at(alarm, "namespace") === "AWS/SQS" && list(at(alarm, "alarmActions")).length > 0)
      .map((alarm) => at<string>(alarm, "dimensions", "QueueName"));

    const silent = [...queues.values()].filter((queue) => !alarmed.includes(at<string>(queue, "name")));

    expect(namesOf(silent)).toEqual([]);
  });

  it("for fourteen days, as long as SQS keeps anything", () => {
    const forgetful = [...queues.values()].filter((queue) => at(queue, "messageRetentionSeconds") !== 14 * 86_400);

    expect(namesOf(forgetful)).toEqual([]);
  });
});

/** Every function that a rule or a schedule calls, or that a function calls without waiting. */
function asynchronousFunctions(): BlueprintResource[] {
  const called = new Set([
    ...resourcesOf("EventTarget").map((target) => at<string>(target, "arn")),
    ...resourcesOf("Schedule").map((schedule) => at<string>(schedule, "target", "arn")),
    ...resourcesOf("Function").flatMap((lambda) =>
      Object.entries(at<Record<string, string>>(lambda, "environment", "variables"))
        .filter(([variable]) => variable.endsWith("_FUNCTION"))
        .map(([, name]) => arn("lambda", `function:${name}`)),
    ),
  ]);
  return resourcesOf("Function").filter((lambda) => called.has(arn("lambda", `function:${at(lambda, "name")}`)));
}
