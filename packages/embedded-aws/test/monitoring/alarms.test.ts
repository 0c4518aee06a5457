import { describe, expect, it } from "vitest";
import { watchBus } from "../../src/services/events/watch.ts";
import { recordMetric } from "../../src/services/monitoring/record-metric.ts";
import { ACCOUNT, newEvents, REGION, START } from "../events/new-events.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;
const url = (name: string): string => `http://127.0.0.1:4566/${ACCOUNT}/${name}`;
const minutes = (count: number): number => START + count * 60_000;

async function newAlarm(settings: object) {
  const embedded = newEvents();
  const { monitoring, sns, sqs } = embedded;
  await sns("CreateTopic", { Name: "alarms" });
  for (const QueueName of ["parked", "told"]) await sqs("CreateQueue", { QueueName });
  const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:told`;
  const Attributes = { RawMessageDelivery: "true" };
  await sns("Subscribe", { TopicArn: TOPIC, Protocol: "sqs", Endpoint, Attributes });
  await monitoring("PutMetricAlarm", {
    AlarmName: "alarm",
    AlarmActions: [TOPIC],
    OKActions: [TOPIC],
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "notBreaching",
    ...settings,
  });
  const state = async () => {
    const { MetricAlarms } = await monitoring<{ MetricAlarms: { StateValue: string }[] }>("DescribeAlarms", {});
    return MetricAlarms[0]?.StateValue;
  };
  const told = async () => {
    const asked = { QueueUrl: url("told"), MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 };
    const { Messages = [] } = await sqs<{ Messages?: { Body: string }[] }>("ReceiveMessage", asked);
    return Messages.map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
  };
  return { ...embedded, state, told };
}

const depth = {
  Namespace: "AWS/SQS",
  MetricName: "ApproximateNumberOfMessagesVisible",
  Dimensions: [{ Name: "QueueName", Value: "parked" }],
  Statistic: "Maximum",
};

const failures = {
  Namespace: "AWS/States",
  MetricName: "ExecutionsFailed",
  Dimensions: [{ Name: "StateMachineArn", Value: "machine" }],
  Statistic: "Sum",
};

const fail = (aws: Parameters<typeof recordMetric>[0], value = 1): void =>
  recordMetric(aws, ACCOUNT, REGION, {
    namespace: "AWS/States",
    metricName: "ExecutionsFailed",
    dimensions: { StateMachineArn: "machine" },
    value,
  });

describe("an alarm on a queue's depth", () => {
  it("goes to ALARM at the end of the period in which a message arrived, and back to OK when the queue is empty", async () => {
    const { clock, sqs, state } = await newAlarm(depth);
    await clock.runUntil(minutes(7));

    await sqs("SendMessage", { QueueUrl: url("parked"), MessageBody: "x" });
    const states = [await state()];
    for (const time of [10, 60]) {
      await clock.runUntil(minutes(time));
      states.push(await state());
    }
    await sqs("PurgeQueue", { QueueUrl: url("parked") });
    await clock.runUntil(minutes(70));
    states.push(await state());

    expect(states).toEqual(["OK", "ALARM", "ALARM", "OK"]);
  });

  it("notifies its topic with CloudWatch's message", async () => {
    const { clock, sqs, told } = await newAlarm({ ...depth, AlarmDescription: "A build's event was lost" });
    await clock.runUntil(minutes(7));
    await told();

    await sqs("SendMessage", { QueueUrl: url("parked"), MessageBody: "x" });
    await clock.runUntil(minutes(11));

    expect(await told()).toMatchObject([
      {
        AlarmName: "alarm",
        AlarmDescription: "A build's event was lost",
        AWSAccountId: ACCOUNT,
        OldStateValue: "OK",
        NewStateValue: "ALARM",
        NewStateReason:
          "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (01/04/26 08:05:00)] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).",
        StateChangeTime: "2026-04-01T08:10:00.000+0000",
        Region: "EU (Ireland)",
        AlarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:alarm`,
        Trigger: {
          MetricName: "ApproximateNumberOfMessagesVisible",
          Statistic: "MAXIMUM",
          Dimensions: [{ name: "QueueName", value: "parked" }],
          Period: 300,
          Threshold: 0,
        },
      },
    ]);
  });
});

describe("an alarm on what happens", () => {
  it("goes to ALARM in the period of a failure, and to OK in the next without one", async () => {
    const { aws, clock, state } = await newAlarm(failures);
    await clock.runUntil(minutes(7));

    fail(aws);
    await clock.runUntil(minutes(10));
    const during = await state();
    await clock.runUntil(minutes(15));

    expect([during, await state()]).toEqual(["ALARM", "OK"]);
  });

  it("waits for its number of evaluation periods", async () => {
    const { aws, clock, state } = await newAlarm({ ...failures, EvaluationPeriods: 3, DatapointsToAlarm: 2 });

    const states: unknown[] = [];
    for (const time of [1, 6, 21]) {
      await clock.runUntil(minutes(time));
      fail(aws);
      await clock.runUntil(minutes(time + 4));
      states.push(await state());
    }

    expect(states).toEqual(["OK", "ALARM", "OK"]);
  });

  it("has insufficient data if data are missing and not treated otherwise", async () => {
    const { clock, state } = await newAlarm({ ...failures, TreatMissingData: "missing" });

    await clock.runUntil(minutes(30));

    expect(await state()).toBe("INSUFFICIENT_DATA");
  });

  it("sets no more timers once its state can't change", async () => {
    const { aws, clock } = await newAlarm({ ...failures, EvaluationPeriods: 3 });
    let timers = 0;
    const after = clock.after.bind(clock);
    clock.after = (ms, act) => {
      timers++;
      return after(ms, act);
    };

    fail(aws);
    await clock.runUntil(minutes(60 * 24));

    expect(timers).toBeLessThan(10);
  });
});

describe("an alarm on a level that is reported every hour", () => {
  const age = { ...failures, Statistic: "Maximum", Period: 3_600, Threshold: 40, TreatMissingData: "ignore" };

  it("keeps its state while nothing is reported, and follows the next report", async () => {
    const { aws, clock, state } = await newAlarm(age);

    const states = [await state()];
    for (const [hour, value] of [
      [1, 39],
      [3, 41],
      [9, undefined],
      [10, 1],
    ] as const) {
      if (value !== undefined) fail(aws, value);
      await clock.runUntil(minutes(60 * hour));
      states.push(await state());
    }

    expect(states).toEqual(["INSUFFICIENT_DATA", "OK", "ALARM", "ALARM", "OK"]);
  });

  it("puts an event with its new and previous state on the default bus", async () => {
    const { aws, clock } = await newAlarm(age);
    const told: unknown[] = [];
    watchBus(aws, ACCOUNT, REGION, "default", (event) => told.push(event));

    fail(aws, 50);
    await clock.runUntil(minutes(61));

    expect(told).toMatchObject([
      {
        "detail-type": "CloudWatch Alarm State Change",
        source: "aws.cloudwatch",
        resources: [`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:alarm`],
        detail: {
          alarmName: "alarm",
          state: { value: "ALARM", timestamp: "2026-04-01T09:00:00.000+0000" },
          previousState: { value: "INSUFFICIENT_DATA", reason: "Unchecked: Initial alarm creation" },
          configuration: { metrics: [{ metricStat: { stat: "Maximum", period: 3_600 }, returnData: true }] },
        },
      },
    ]);
  });
});

describe("whether an alarm's actions are enabled", () => {
  const asked: [string, { ActionsEnabled?: boolean | undefined }, boolean][] = [
    ["is kept: yes", { ActionsEnabled: true }, true],
    ["is kept: no", { ActionsEnabled: false }, false],
    ["is yes where nothing is said", {}, true],
    ["is yes where it is left undefined", { ActionsEnabled: undefined }, true],
  ];
  it.each(asked)("%s", async (_, settings, ActionsEnabled) => {
    const { monitoring } = await newAlarm({ ...depth, ...settings });

    expect(await monitoring("DescribeAlarms", {})).toMatchObject({ MetricAlarms: [{ ActionsEnabled }] });
  });
});

describe("an alarm that cannot be", () => {
  const refused: [string, object, string][] = [
    ["metric math", { Metrics: [{ Id: "e1" }] }, "not built in the embedded AWS"],
    [
      "an action that is not a topic",
      { AlarmActions: [`arn:aws:lambda:${REGION}:${ACCOUNT}:function:x`] },
      "not built",
    ],
    ["a period of 45 seconds", { Period: 45 }, "Period must be"],
    ["no threshold", { Threshold: undefined }, "The parameter Threshold is required."],
  ];

  it.each(refused)("is refused for %s", async (_, settings, reason) => {
    await expect(newAlarm({ ...depth, ...settings })).rejects.toThrow(reason);
  });
});
