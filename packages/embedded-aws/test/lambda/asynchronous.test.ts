import type { ListMetricsOutput } from "@aws-sdk/client-cloudwatch";
import type { ReceiveMessageResult } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it } from "vitest";
import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { eventsIn } from "../../src/services/logs/keep-events.ts";
import { allow, grant, makeRole } from "../policy.ts";
import { ACCOUNT, eachLambda, REGION, START } from "./new-lambda.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:lost`;
const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/lost`;

const lambda = eachLambda(policyAuthorizer);
beforeEach(async () => {
  await lambda.of("sqs")("CreateQueue", { QueueName: "lost" });
  await makeRole(lambda.aws, ACCOUNT, "function", { Service: "lambda.amazonaws.com" }, allow("sqs:SendMessage", QUEUE));
  const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
  await lambda.of("iam")("AttachRolePolicy", { RoleName: "function", PolicyArn });
});

const received = async () => {
  const input = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
  return (await lambda.of("sqs")<ReceiveMessageResult>("ReceiveMessage", input)).Messages ?? [];
};

const send = (name: string, event: unknown) => lambda.invoke(name, event, { InvocationType: "Event" });

/** When the function ran, in minutes from the start. */
const runs = (name: string) =>
  eventsIn(lambda.aws, ACCOUNT, REGION, `/aws/lambda/${name}`)
    .filter(({ message }) => message.startsWith("START"))
    .map(({ at }) => (at - START) / MINUTE);

describe("an event for a function", () => {
  it("is accepted at once and handled in the background", async () => {
    lambda.deploy("echo.handler");

    const answer = await send("echo-handler", { hello: 1 });
    const before = runs("echo-handler");
    await lambda.clock.settle();
    await lambda.clock.runUntil(START + HOUR);

    expect(answer.status).toBe(202);
    expect(before).toEqual([]);
    expect(runs("echo-handler")).toEqual([0]);
    expect(await received()).toEqual([]);
  });

  it("is tried again one minute and then two minutes after a failure, then parked whole", async () => {
    lambda.deploy("failing.throwing", { deadLetterTargetArn: QUEUE });

    await send("failing-throwing", { part: "kernel", nested: { whole: [1, 2, 3] } });
    await lambda.clock.runUntil(START + HOUR);

    expect(runs("failing-throwing")).toEqual([0, 1, 3]);
    const [letter, ...others] = await received();
    expect(others).toEqual([]);
    expect(JSON.parse(letter?.Body ?? "")).toEqual({ part: "kernel", nested: { whole: [1, 2, 3] } });
    expect(letter?.MessageAttributes).toEqual({
      RequestID: { DataType: "String", StringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      ErrorCode: { DataType: "Number", StringValue: "200" },
      ErrorMessage: { DataType: "String", StringValue: "the kernel is missing" },
    });
  });

  it("keeps its request id over all attempts", async () => {
    lambda.deploy("failing.throwing");

    await send("failing-throwing", {});
    await lambda.clock.runUntil(START + HOUR);

    const lines = eventsIn(lambda.aws, ACCOUNT, REGION, "/aws/lambda/failing-throwing").map(({ message }) => message);
    const starts = lines.filter((line) => line.startsWith("START"));
    expect([starts.length, new Set(starts).size]).toEqual([3, 1]);
  });

  it("is sent to the on-failure destination with request and response", async () => {
    const { arn } = lambda.deploy("failing.throwing");
    await lambda.call("PutFunctionEventInvokeConfig", {
      FunctionName: "failing-throwing",
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: QUEUE } },
    });

    await send("failing-throwing", { part: "kernel" });
    await lambda.clock.runUntil(START + HOUR);

    expect(runs("failing-throwing")).toEqual([0, 1]);
    const [record] = await received();
    expect(JSON.parse(record?.Body ?? "")).toEqual({
      version: "1.0",
      timestamp: "2026-04-01T08:01:00.000Z",
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: `${arn}:$LATEST`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 2,
      },
      requestPayload: { part: "kernel" },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: expect.objectContaining({ errorType: "PartMissing", errorMessage: "the kernel is missing" }),
    });
  });

  it("is recorded at the on-success destination", async () => {
    lambda.deploy("echo.counting");
    await lambda.call("PutFunctionEventInvokeConfig", {
      FunctionName: "echo-counting",
      DestinationConfig: { OnSuccess: { Destination: QUEUE }, OnFailure: {} },
    });

    await send("echo-counting", { n: 1 });
    await lambda.clock.runUntil(START + MINUTE);

    const [record] = await received();
    const parsed = JSON.parse(record?.Body ?? "{}");
    expect(parsed).toMatchObject({ requestContext: { condition: "Success" }, responsePayload: 1 });
    expect(parsed.responseContext).toEqual({ statusCode: 200, executedVersion: "$LATEST" });
  });

  it("is dropped when it would be too old at its next attempt", async () => {
    lambda.deploy("failing.throwing");
    await lambda.call("PutFunctionEventInvokeConfig", {
      FunctionName: "failing-throwing",
      MaximumEventAgeInSeconds: 120,
      DestinationConfig: { OnFailure: { Destination: QUEUE } },
    });

    await send("failing-throwing", {});
    await lambda.clock.runUntil(START + HOUR);

    expect(runs("failing-throwing")).toEqual([0, 1]);
    const [record] = await received();
    expect(JSON.parse(record?.Body ?? "")).toMatchObject({
      timestamp: "2026-04-01T08:02:00.000Z",
      requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 2 },
    });
  });

  it("is not even tried without any concurrency", async () => {
    lambda.deploy("echo.handler", { deadLetterTargetArn: QUEUE });
    await lambda.call("PutFunctionConcurrency", { FunctionName: "echo-handler", ReservedConcurrentExecutions: 0 });

    await send("echo-handler", { hello: 1 });
    await lambda.clock.runUntil(START + HOUR);

    expect(runs("echo-handler")).toEqual([]);
    const [letter] = await received();
    expect(letter?.Body).toBe('{"hello":1}');
    expect(letter?.MessageAttributes?.ErrorCode?.StringValue).toBe("429");
  });

  it("waits for its turn, ever longer, while the reserved concurrency is used up", async () => {
    lambda.deploy("sleeping.busy", { timeoutSeconds: 30 });
    await lambda.call("PutFunctionConcurrency", { FunctionName: "sleeping-busy", ReservedConcurrentExecutions: 1 });

    for (let n = 0; n < 3; n++) await send("sleeping-busy", { until: 20 });
    await lambda.clock.runUntil(START + HOUR);

    const seconds = runs("sleeping-busy").map((minute) => Math.round(minute * 60));
    expect(seconds).toHaveLength(3);
    expect(seconds[0]).toBe(0);
    expect(seconds[2]).toBeLessThanOrEqual(3);
    expect(await received()).toEqual([]);
  });

  it("is not parked without a grant of the function's role, and a metric counts it", async () => {
    await grant(lambda.aws, ACCOUNT, "function", allow("sqs:SendMessage", `${QUEUE}-other`));
    lambda.deploy("failing.throwing", { deadLetterTargetArn: QUEUE });

    await send("failing-throwing", {});
    await lambda.clock.runUntil(START + HOUR);

    expect(await received()).toEqual([]);
    const metrics = await lambda.of("monitoring")<ListMetricsOutput>("ListMetrics", { MetricName: "DeadLetterErrors" });
    expect(metrics.Metrics).toMatchObject([{ Dimensions: [{ Name: "FunctionName", Value: "failing-throwing" }] }]);
  });
});
