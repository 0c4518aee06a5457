import { Lambda } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningServer, startServer } from "../../src/server.ts";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { ACCOUNT, newLambda, REGION } from "./new-lambda.ts";

let lambda = newLambda();
let server: RunningServer;

beforeEach(async () => {
  lambda = newLambda();
  server = await startServer(lambda.aws, { port: 0 });
});

afterEach(async () => {
  await closeLambda(lambda.aws);
  await server.close();
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
