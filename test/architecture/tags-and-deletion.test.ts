import { matchesPattern } from "embedded-aws/iam";
import { describe, expect, it, test } from "vitest";
import type { BlueprintResource } from "../../core/factory/blueprint.ts";
import { at, blueprint, functionTargets, namesOf, resourcesOf } from "../world/read-blueprint.ts";
import { grantsOf, list, resourceStatementsOf, type Statement } from "./policies.ts";

/** Actions that tag existing resources. */
const TAGS = /^\w+:(CreateTags|DeleteTags|(Un)?Tag[A-Z]\w*|AddTags\w*|RemoveTags\w*|Put\w*Tagging|Delete\w*Tagging)$/;

/** Actions that delete a resource or revoke its users' access. */
const TAKES = /^\w+:(Delete(?!Tags|\w*Tagging)|BatchDelete|Deregister|Terminate|DisableImage$)\w*$/;

/** Roles that need both on the same things, and why nothing of others' is in reach. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

/** A condition on the creating action limits tagging to creation: existing resources cannot be tagged. */
const isAtCreation = ({ Condition = {} }: Statement): boolean =>
  Object.values(Condition).some((keys) => "ec2:CreateAction" in keys);

const overlap = (one: string, other: string): boolean => matchesPattern(one, other) || matchesPattern(other, one);

const serviceOf = (action: string): string => action.slice(0, action.indexOf(":"));

interface Reach {
  readonly action: string;
  readonly resource: string;
}

const reaches = (statements: readonly Statement[], actions: RegExp): Reach[] =>
  statements.flatMap((statement) =>
    list(statement.Action)
      .filter((action) => actions.test(action) && !(TAGS.test(action) && isAtCreation(statement)))
      .flatMap((action) => list(statement.Resource).map((resource) => ({ action, resource }))),
  );

/** What a role can tag and then take away, as a pair of actions on a resource. */
function both(statements: readonly Statement[]): string[] {
  const takes = reaches(statements, TAKES);
  const found = reaches(statements, TAGS).flatMap((tag) =>
    takes
      .filter((take) => serviceOf(take.action) === serviceOf(tag.action) && overlap(take.resource, tag.resource))
      .map((take) => `${tag.action} and ${take.action} on ${tag.resource}`),
  );
  return [...new Set(found)];
}

test("no role may both tag and delete resources: a tag proves ownership", () => {
  const found = resourcesOf("Role").flatMap((role) =>
    both(grantsOf(role)).map((what) => `${String(role.inputs.name)}: ${what}`),
  );

  expect(found.filter((one) => !(one.split(":")[0]! in EXCEPTIONS))).toEqual([]);
});

test("grants that delete Image Builder images by pattern require the factory's tag", () => {
  const open = resourcesOf("Role").flatMap((role) =>
    grantsOf(role)
      .filter(({ Action }) => list(Action).includes("imagebuilder:DeleteImage"))
      .filter(({ Condition }) => !("aws:ResourceTag/amint:factory" in (Condition?.StringEquals ?? {})))
      .map(() => role.inputs.name),
  );

  expect(open).toEqual([]);
});

test.each([
  ["ec2:CreateTags", "ec2:DeleteSnapshot", "arn:aws:ec2:*::snapshot/*", "arn:aws:ec2:eu-west-1::snapshot/*", 1],
  ["ec2:CreateTags", "ec2:DeleteSnapshot", "arn:aws:ec2:*::image/*", "arn:aws:ec2:eu-west-1::snapshot/*", 0],
  ["imagebuilder:TagResource", "imagebuilder:DeleteImage", "*", "arn:aws:imagebuilder:*:*:image/*", 1],
  ["ec2:DescribeTags", "ec2:DeleteSnapshot", "*", "*", 0],
])("the rule itself reads %s and %s on %s and %s", (tag, take, tagged, taken, count) => {
  const statements = [
    { Effect: "Allow" as const, Action: tag, Resource: tagged },
    { Effect: "Allow" as const, Action: take, Resource: taken },
  ];

  expect(both(statements)).toHaveLength(count);
});

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
