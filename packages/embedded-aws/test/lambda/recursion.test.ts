import { Lambda } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../src/server.ts";
import { eventsIn } from "../../src/services/logs/keep-events.ts";
import { ACCOUNT, eachLambda, REGION } from "./new-lambda.ts";

const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:lost`;

let server: RunningServer;
afterEach(() => server.close());
const lambda = eachLambda();
beforeEach(async () => {
  server = await startServer(lambda.aws, { port: 0 });
});

const turns = () =>
  eventsIn(lambda.aws, ACCOUNT, REGION, "/aws/lambda/looping-handler").filter(({ message }) =>
    message.startsWith("START"),
  ).length;

const loop = (type: "Event" | "RequestResponse", InvocationType = type) =>
  lambda.during(lambda.invoke("looping-handler", { turns: 20, type }, { InvocationType }));

const dropped = async () => {
  const asked = { QueueUrl: `${server.url}/${ACCOUNT}/lost`, MaxNumberOfMessages: 10 };
  const { Messages = [] } = await lambda.of("sqs")<{ Messages?: { Body: string }[] }>("ReceiveMessage", asked);
  return Messages.map(({ Body }) => JSON.parse(Body) as unknown);
};

describe("a function that invokes itself", () => {
  it.each(["worker threads", "this thread"])(
    "is stopped after 16 turns, and the event parked, in %s",
    async (where) => {
      if (where === "this thread") lambda.inThisThread();
      await lambda.of("sqs")("CreateQueue", { QueueName: "lost" });
      lambda.deploy("looping.handler");
      await lambda.call("PutFunctionEventInvokeConfig", {
        FunctionName: "looping-handler",
        DestinationConfig: { OnFailure: { Destination: QUEUE } },
      });

      await loop("Event");

      expect(turns()).toBe(16);
      expect(await dropped()).toMatchObject([{ requestPayload: { turn: 17 } }]);
    },
  );

  it("is refused the next turn where it waits for it", async () => {
    lambda.inThisThread();
    lambda.deploy("looping.handler", { timeoutSeconds: 60 });

    const { error, payload } = await loop("RequestResponse");

    expect(turns()).toBe(16);
    expect(error).toBe("Unhandled");
    expect(payload.errorMessage).toMatch(/^Lambda has detected your function being invoked in a recursive loop/);
  });

  it("continues if its configuration allows it", async () => {
    lambda.inThisThread();
    lambda.deploy("looping.handler");
    const FunctionName = "looping-handler";
    expect(await lambda.call("GetFunctionRecursionConfig", { FunctionName })).toEqual({ RecursiveLoop: "Terminate" });
    await lambda.call("PutFunctionRecursionConfig", { FunctionName, RecursiveLoop: "Allow" });

    await loop("Event");

    expect(turns()).toBe(20);
    expect(await lambda.call("GetFunctionRecursionConfig", { FunctionName })).toEqual({ RecursiveLoop: "Allow" });
  });

  it("may be invoked any number of times by others", async () => {
    lambda.inThisThread();
    lambda.deploy("looping.handler");

    for (let n = 0; n < 20; n++) await lambda.during(lambda.invoke("looping-handler", { turns: 1, type: "Event" }));

    expect(turns()).toBe(20);
  });
});

describe("a function reached and reaching over HTTP", () => {
  it("answers the SDK, errors included", async () => {
    lambda.deploy("failing.throwing");
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "any" };
    const client = new Lambda({ region: REGION, endpoint: server.url, credentials });

    const answer = await client.invoke({
      FunctionName: "failing-throwing",
      Payload: '{"part":"kernel"}',
      LogType: "Tail",
    });

    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled", ExecutedVersion: "$LATEST" });
    expect(JSON.parse(answer.Payload?.transformToString() ?? "")).toMatchObject({ errorType: "PartMissing" });
    expect(Buffer.from(answer.LogResult ?? "", "base64").toString()).toContain("Invoke Error");
  });

  it("acts with the session of its role at this AWS", async () => {
    lambda.deploy("calling.handler", { timeoutSeconds: 10 });
    lambda.deploy("echo.counting");

    const { payload } = await lambda.invoke("calling-handler", { name: "echo-counting" });

    expect(payload).toEqual({ payload: 1 });
  });

  it("may invoke itself: another environment serves", async () => {
    lambda.deploy("calling.handler", { timeoutSeconds: 20 });

    const { payload } = await lambda.invoke("calling-handler", { name: "calling-handler", depth: 2 });

    expect(payload).toEqual({ payload: { payload: "the bottom" } });
  });
});
