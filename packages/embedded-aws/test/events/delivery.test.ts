import { describe, expect, it } from "vitest";
import { AwsError, type Call, type Operation } from "../../src/engine/operation.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { publishServiceEvent } from "../../src/services/events/publish-service-event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { ACCOUNT, newEvents, REGION, START } from "./new-events.ts";

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:start-build`;
const DEAD_LETTERS = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead-letters`;
const RULE = `arn:aws:events:${REGION}:${ACCOUNT}:rule/factory/builds`;

interface Invocation {
  readonly at: number;
  readonly payload: unknown;
  readonly call: Call;
}

/** A bus with one rule for `build.available`, its target a function that keeps what it receives or fails. */
async function newFactory(target: object = {}, fail?: (attempt: number) => AwsError | undefined) {
  const invocations: Invocation[] = [];
  const Invoke: Operation<{ Payload: Uint8Array }> = {
    run({ Payload }, call) {
      const text = Buffer.from(Payload).toString();
      invocations.push({ at: call.aws.clock.now() - START, payload: JSON.parse(text), call });
      const failure = fail?.(invocations.length);
      if (failure) throw failure;
      return {};
    },
  };
  const embedded = newEvents({ lambda: { Invoke: Invoke as Operation } });
  const { events, sqs } = embedded;
  await sqs("CreateQueue", { QueueName: "dead-letters" });
  await events("CreateEventBus", { Name: "factory" });
  await events("PutRule", {
    Name: "builds",
    EventBusName: "factory",
    EventPattern: JSON.stringify({ "detail-type": ["build.available"] }),
  });
  await events("PutTargets", {
    Rule: "builds",
    EventBusName: "factory",
    Targets: [{ Id: "start-build", Arn: FUNCTION, DeadLetterConfig: { Arn: DEAD_LETTERS }, ...target }],
  });
  const put = (detail: object, detailType = "build.available") =>
    events<{ Entries: { EventId: string }[] }>("PutEvents", {
      Entries: [{ EventBusName: "factory", Source: "amint", DetailType: detailType, Detail: JSON.stringify(detail) }],
    });
  const parked = async () => {
    const { Messages = [] } = await sqs<{ Messages?: { Body: string; MessageAttributes: object }[] }>(
      "ReceiveMessage",
      { QueueUrl: `http://127.0.0.1:4566/${ACCOUNT}/dead-letters`, MessageAttributeNames: ["All"] },
    );
    return Messages.map(({ Body, MessageAttributes }) => ({
      event: JSON.parse(Body) as BusEvent,
      reasons: Object.fromEntries(
        Object.entries(MessageAttributes).map(([name, value]) => [
          name,
          (value as { StringValue: string }).StringValue,
        ]),
      ),
    }));
  };
  return { ...embedded, invocations, put, parked };
}

const inHours = (hours: number): number => START + hours * 3_600_000;

describe("an event on a bus", () => {
  it("reaches the function of a matching rule after PutEvents has answered, on the rule's behalf", async () => {
    const { clock, invocations, put } = await newFactory();

    const answer = await put({ image: "al2023-base" });
    await clock.settle();
    const before = invocations.length;
    await clock.runUntil(inHours(1));

    expect(before).toBe(0);
    expect(invocations).toHaveLength(1);
    expect(invocations[0]?.call.principal).toMatchObject({ service: "events.amazonaws.com", sourceArn: RULE });
    expect(invocations[0]?.payload).toEqual({
      version: "0",
      id: answer.Entries[0]?.EventId,
      "detail-type": "build.available",
      source: "amint",
      account: ACCOUNT,
      time: "2026-04-01T08:00:00Z",
      region: REGION,
      resources: [],
      detail: { image: "al2023-base" },
    });
  });

  it("reaches nothing when no rule matches, or the rule is disabled", async () => {
    const { clock, events, invocations, put } = await newFactory();

    await put({}, "build.failed");
    await events("DisableRule", { Name: "builds", EventBusName: "factory" });
    await put({});
    await clock.runUntil(inHours(1));

    expect(invocations).toEqual([]);
  });

  it("is seen by who watches the bus, whether a rule matches or not", async () => {
    const { aws, put } = await newFactory();
    const seen: string[] = [];

    const stop = watchBus(aws, ACCOUNT, REGION, "factory", (event) => seen.push(event["detail-type"]));
    await put({}, "build.failed");
    stop();
    await put({}, "build.cancelled");

    expect(seen).toEqual(["build.failed"]);
  });

  it("is forwarded to another bus with its id, and to that bus's rules", async () => {
    const { aws, clock, events, put } = await newFactory();
    await events("CreateEventBus", { Name: "audit" });
    const Arn = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/audit`;
    await events("PutTargets", { Rule: "builds", EventBusName: "factory", Targets: [{ Id: "audit", Arn }] });
    const seen: BusEvent[] = [];
    watchBus(aws, ACCOUNT, REGION, "audit", (event) => seen.push(event));

    const answer = await put({ image: "al2023-base" });
    await clock.runUntil(inHours(1));

    expect(seen).toMatchObject([{ id: answer.Entries[0]?.EventId, detail: { image: "al2023-base" } }]);
  });

  it("of an AWS service comes onto the default bus and matches there", async () => {
    const { aws, clock, events, sqs } = newEvents();
    await sqs("CreateQueue", { QueueName: "states" });
    await events("PutRule", { Name: "states", EventPattern: JSON.stringify({ source: ["aws.imagebuilder"] }) });
    await events("PutTargets", {
      Rule: "states",
      Targets: [{ Id: "queue", Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:states`, InputPath: "$.detail.state.status" }],
    });

    publishServiceEvent(aws, {
      account: ACCOUNT,
      region: REGION,
      source: "aws.imagebuilder",
      "detail-type": "EC2 Image Builder Image State Change",
      resources: [`arn:aws:imagebuilder:${REGION}:${ACCOUNT}:image/acme-al2023-base/1.0.0/1`],
      detail: { state: { status: "AVAILABLE" } },
    });
    await clock.runUntil(inHours(1));

    const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/states`;
    expect(await sqs("ReceiveMessage", { QueueUrl })).toMatchObject({ Messages: [{ Body: '"AVAILABLE"' }] });
  });
});

describe("an event that cannot be delivered", () => {
  it("is tried again with growing pauses until its attempts are used up, then parked whole with the reason", async () => {
    const policy = { RetryPolicy: { MaximumRetryAttempts: 3 } };
    const { clock, invocations, put, parked } = await newFactory(policy, () => outage);

    await put({ image: "al2023-base" });
    await clock.runUntil(inHours(1));

    expect(invocations.map(({ at }) => at)).toEqual([200, 1_200, 3_200, 7_200]);
    expect(await parked()).toMatchObject([
      {
        event: { "detail-type": "build.available", detail: { image: "al2023-base" } },
        reasons: {
          RULE_ARN: RULE,
          TARGET_ARN: FUNCTION,
          ERROR_CODE: "ERROR_FROM_TARGET",
          ERROR_MESSAGE: "Out for lunch",
          EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
          RETRY_ATTEMPTS: "3",
        },
      },
    ]);
  });

  it("is not tried again once it is too old", async () => {
    const policy = { RetryPolicy: { MaximumEventAgeInSeconds: 60 } };
    const { clock, invocations, put, parked } = await newFactory(policy, () => outage);

    await put({});
    await clock.runUntil(inHours(24));

    expect(invocations).toHaveLength(6);
    expect(await parked()).toMatchObject([{ reasons: { EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds" } }]);
  });

  it("arrives once the target is well again", async () => {
    const { clock, invocations, put, parked } = await newFactory({}, (attempt) => (attempt < 4 ? outage : undefined));

    await put({});
    await clock.runUntil(inHours(24));

    expect(invocations).toHaveLength(4);
    expect(await parked()).toEqual([]);
  });

  it("is parked at once, without another attempt, when EventBridge has no permission", async () => {
    const denied = new AwsError("AccessDeniedException", "not authorized to perform: lambda:InvokeFunction");
    const { clock, invocations, put, parked } = await newFactory({}, () => denied);

    await put({});
    await clock.runUntil(inHours(24));

    expect(invocations).toHaveLength(1);
    const [letter] = await parked();
    expect(letter?.reasons).toMatchObject({ ERROR_CODE: "NO_PERMISSIONS", RETRY_ATTEMPTS: "0" });
    expect(letter?.reasons).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
  });

  it("fails the run when the target needs an operation that is not built", async () => {
    const missing = new AwsError("NotImplemented", "lambda:Invoke is not built", { status: 501 });
    const { clock, put } = await newFactory({}, () => missing);

    await put({});

    await expect(clock.runUntil(inHours(1))).rejects.toThrow("lambda:Invoke is not built");
  });
});

const outage = new AwsError("ServiceException", "Out for lunch", { status: 500 });
