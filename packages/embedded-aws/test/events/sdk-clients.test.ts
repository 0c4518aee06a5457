import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { Scheduler } from "@aws-sdk/client-scheduler";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { ACCOUNT, newEvents, REGION, START } from "./new-events.ts";

function newClients() {
  const { aws, clock } = newEvents();
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "secret" };
  const settings = { region: REGION, credentials, requestHandler: inProcessHandler(aws), maxAttempts: 1 };
  return {
    clock,
    alarms: new CloudWatch(settings),
    events: new EventBridge(settings),
    scheduler: new Scheduler(settings),
    sns: new SNS(settings),
    // The handler is the endpoint: the queue URL's host is not asked.
    sqs: new SQS({ ...settings, useQueueUrlAsEndpoint: false }),
  };
}

describe("AWS's own clients", () => {
  it("put an event and receive it from a queue, whose digests they check", async () => {
    const { clock, events, sqs } = newClients();
    const { QueueUrl } = await sqs.createQueue({ QueueName: "queue" });
    const target = { Id: "queue", Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:queue` };
    await events.putRule({ Name: "all", EventPattern: '{"source":["amint"]}' });
    await events.putTargets({ Rule: "all", Targets: [target] });

    const entry = { Source: "amint", DetailType: "build.started", Detail: "{}", Time: new Date(START) };
    const { FailedEntryCount } = await events.putEvents({ Entries: [entry] });
    await clock.runUntil(START + 60_000);

    expect(FailedEntryCount).toBe(0);
    expect(await events.listTargetsByRule({ Rule: "all" })).toMatchObject({ Targets: [target] });
    const { Messages } = await sqs.receiveMessage({ QueueUrl });
    expect(JSON.parse(Messages?.[0]?.Body ?? "")).toMatchObject({ source: "amint", time: "2026-04-01T08:00:00Z" });
  });

  it("agree about the digest of message attributes", async () => {
    const { sqs } = newClients();
    const { QueueUrl } = await sqs.createQueue({ QueueName: "queue" });
    const MessageAttributes = {
      text: { DataType: "String", StringValue: "é" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 3]) },
    };

    await sqs.sendMessage({ QueueUrl, MessageBody: "x", MessageAttributes });
    const { Messages } = await sqs.receiveMessage({ QueueUrl, MessageAttributeNames: ["All"] });

    expect(Messages?.[0]?.MessageAttributes).toMatchObject({ text: { StringValue: "é" } });
    expect([...(Messages?.[0]?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([1, 2, 3]);
  });

  it("recognise refusals by name", async () => {
    const { scheduler, sns, sqs } = newClients();
    const TopicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:none`;

    await expect(sqs.getQueueUrl({ QueueName: "none" })).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    await expect(sns.publish({ TopicArn, Message: "x" })).rejects.toMatchObject({ name: "NotFoundException" });
    await expect(scheduler.getSchedule({ Name: "none" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Schedule none does not exist.",
    });
  });

  it("make schedules, topics and alarms and read them back", async () => {
    const { alarms, scheduler, sns } = newClients();
    const { TopicArn } = await sns.createTopic({ Name: "alarms", Attributes: { DisplayName: "Alarms" } });
    const Target = { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:queue`, RoleArn: `arn:aws:iam::${ACCOUNT}:role/schedules` };
    const schedule = { Name: "patch", ScheduleExpression: "rate(1 day)", StartDate: new Date(START + 1_000), Target };

    await scheduler.createSchedule({ ...schedule, FlexibleTimeWindow: { Mode: "OFF" } });
    await alarms.putMetricAlarm({
      AlarmName: "parked",
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: "parked" }],
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      AlarmActions: [TopicArn ?? ""],
    });

    expect(await scheduler.getSchedule({ Name: "patch" })).toMatchObject({ ...schedule, State: "ENABLED" });
    expect(await alarms.describeAlarms({ AlarmNames: ["parked"] })).toMatchObject({
      MetricAlarms: [{ AlarmName: "parked", AlarmActions: [TopicArn], StateValue: "INSUFFICIENT_DATA" }],
    });
  });
});
