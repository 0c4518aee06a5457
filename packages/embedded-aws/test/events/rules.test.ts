import { describe, expect, it, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { ACCOUNT, newEvents, REGION } from "./new-events.ts";

const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`;
const pattern = JSON.stringify({ source: ["amint"] });

describe("buses and rules", () => {
  it("change a bus's description, and take no settings that are not built", async () => {
    const { events } = newEvents();
    await events("CreateEventBus", { Name: "factory", Description: "first" });

    await events("UpdateEventBus", { Name: "factory", Description: "second" });

    expect(await events("DescribeEventBus", { Name: "factory" })).toMatchObject({ Description: "second" });
    await expectRefusal(events("UpdateEventBus", { Name: "factory", KmsKeyIdentifier: "alias/key" }), "NotImplemented");
  });

  it("have ARNs that name a rule's bus, except the default one", async () => {
    const { events } = newEvents();
    await events("CreateEventBus", { Name: "factory" });

    const custom = await events("PutRule", { Name: "a", EventBusName: "factory", EventPattern: pattern });
    const usual = await events("PutRule", { Name: "a", EventPattern: pattern });

    expect(custom.RuleArn).toBe(`arn:aws:events:${REGION}:${ACCOUNT}:rule/factory/a`);
    expect(usual.RuleArn).toBe(`arn:aws:events:${REGION}:${ACCOUNT}:rule/a`);
  });

  it("keep a rule's targets when the rule is put again, and a rule with targets when it should go", async () => {
    const { events } = newEvents();
    await events("PutRule", { Name: "a", EventPattern: pattern });
    await events("PutTargets", { Rule: "a", Targets: [{ Id: "queue", Arn: QUEUE }] });

    await events("PutRule", { Name: "a", EventPattern: pattern, State: "DISABLED" });

    expect(await events("ListTargetsByRule", { Rule: "a" })).toMatchObject({ Targets: [{ Id: "queue", Arn: QUEUE }] });
    await expect(events("DeleteRule", { Name: "a" })).rejects.toThrow("Rule can't be deleted since it has targets.");
  });

  it("keep a bus with rules when it should go", async () => {
    const { events } = newEvents();
    await events("CreateEventBus", { Name: "factory" });
    await events("PutRule", { Name: "a", EventBusName: "factory", EventPattern: pattern });

    await expect(events("DeleteEventBus", { Name: "factory" })).rejects.toThrow("because it has rules");
    await events("DeleteRule", { Name: "a", EventBusName: "factory" });
    await events("DeleteEventBus", { Name: "factory" });

    await expect(events("DescribeEventBus", { Name: "factory" })).rejects.toThrow("does not exist");
  });
});

describe("a target", () => {
  const refusedTargets: [string, object, string][] = [
    [
      "of a kind that is not built",
      { Arn: `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/x` },
      "not built in the embedded AWS",
    ],
    ["with two inputs", { Arn: QUEUE, Input: "{}", InputPath: "$.detail" }, "Only one of Input, InputPath"],
    ["whose template names what it does not define", { Arn: QUEUE, InputTransformer: { InputTemplate: "<x>" } }, "[x]"],
    [
      "that is a state machine without a role",
      { Arn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:m` },
      "RoleArn is required",
    ],
    [
      "whose attempts are beyond 185",
      { Arn: QUEUE, RetryPolicy: { MaximumRetryAttempts: 186 } },
      "value less than or equal to 185",
    ],
  ];

  it.each(refusedTargets)("%s is refused by PutTargets", async (_, target, reason) => {
    const { events } = newEvents();
    await events("PutRule", { Name: "a", EventPattern: pattern });

    await expect(events("PutTargets", { Rule: "a", Targets: [{ Id: "t", ...target }] })).rejects.toThrow(reason);
  });
});

describe("PutEvents", () => {
  it("refuses entries one by one, and takes the others", async () => {
    const { events } = newEvents();
    const good = { Source: "amint", DetailType: "build.started", Detail: "{}" };

    const answer = await events<{ FailedEntryCount: number; Entries: { ErrorCode?: string; EventId?: string }[] }>(
      "PutEvents",
      {
        Entries: [good, { ...good, Source: "aws.ec2" }, { ...good, Detail: "[]" }, { ...good, DetailType: undefined }],
      },
    );

    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      "NotAuthorizedForSourceException",
      "MalformedDetail",
      "InvalidArgument",
    ]);
    expect(answer.Entries[0]?.EventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("refuses more than ten entries, and more than a megabyte in all", async () => {
    const { events } = newEvents();
    const entry = { Source: "amint", DetailType: "build.started", Detail: "{}" };
    const large = { ...entry, Detail: JSON.stringify({ text: "x".repeat(600_000) }) };

    await expect(events("PutEvents", { Entries: Array(11).fill(entry) })).rejects.toThrow("less than or equal to 10");
    await expect(events("PutEvents", { Entries: [large, large] })).rejects.toThrow(
      "Total size of the entries in the request is over the limit.",
    );
  });

  it("is authorized on the bus it names, with the bus's own policy", async () => {
    const asked: object[] = [];
    const { events } = newEvents({}, { authorize: (_, authorization) => void asked.push(authorization) });
    await events("CreateEventBus", { Name: "factory" });
    await events("PutPermission", { EventBusName: "factory", Principal: "999988887777", StatementId: "management" });
    asked.length = 0;

    await events("PutEvents", {
      Entries: [{ EventBusName: "factory", Source: "amint", DetailType: "x", Detail: "{}" }],
    });

    expect(asked).toMatchObject([
      {
        action: "events:PutEvents",
        resources: [`arn:aws:events:${REGION}:${ACCOUNT}:event-bus/factory`],
        context: { "events:source": "amint", "events:detail-type": "x" },
        resourcePolicy: expect.stringContaining("arn:aws:iam::999988887777:root"),
      },
    ]);
  });
});

test("a rule or an alarm that is put again keeps its tags", async () => {
  const { events, monitoring } = newEvents();
  const Tags = [{ Key: "n", Value: "1" }];
  const alarm = {
    ...{ AlarmName: "a", Namespace: "AWS/States", MetricName: "ExecutionsFailed", Statistic: "Sum", Period: 300 },
    ...{ EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
  };

  for (const given of [Tags, [{ Key: "n", Value: "2" }]]) {
    await events("PutRule", { Name: "r", EventPattern: pattern, Tags: given });
    await monitoring("PutMetricAlarm", { ...alarm, Tags: given });
  }

  const ofRule = { ResourceARN: `arn:aws:events:${REGION}:${ACCOUNT}:rule/r` };
  const ofAlarm = { ResourceARN: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:a` };
  expect(await events("ListTagsForResource", ofRule)).toEqual({ Tags });
  expect(await monitoring("ListTagsForResource", ofAlarm)).toEqual({ Tags });
});
