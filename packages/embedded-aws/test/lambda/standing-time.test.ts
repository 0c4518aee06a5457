import { Lambda } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { injectFaults } from "../../src/faults/inject-faults.ts";
import { functionTransport, inProcessHandler } from "../../src/in-process-handler.ts";
import { type RunningServer, startServer } from "../../src/server.ts";
import { InProcessRunner } from "../../src/services/lambda/in-process-runner.ts";
import { closeLambda, useRunner } from "../../src/services/lambda/runner.ts";
import { ACCOUNT, newLambda, REGION, START } from "./new-lambda.ts";

const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "any" };
let lambda = newLambda();
let server: RunningServer;

beforeEach(async () => {
  lambda = newLambda();
  server = await startServer(lambda.aws, { port: 0 });
  useRunner(lambda.aws, new InProcessRunner(lambda.aws, functionTransport(lambda.aws)));
  lambda.deploy("echo.counting");
  lambda.deploy("calling.handler", { timeoutSeconds: 60 });
  await lambda.invoke("calling-handler", { name: "echo-counting" });
  injectFaults(lambda.aws, { seed: 1, slow: { rate: 1, upToMs: 20_000 } });
});

afterEach(async () => {
  vi.useRealTimers();
  await closeLambda(lambda.aws);
  await server.close();
});

const ways = {
  "in process": () => ({ endpoint: server.url, requestHandler: inProcessHandler(lambda.aws) }),
  "over HTTP": () => ({ endpoint: server.url }),
};

/** Calls a function that calls another one, whose answer it gets late. */
const invokeBy = (way: keyof typeof ways) =>
  new Lambda({ region: REGION, credentials, ...ways[way]() }).invoke({
    FunctionName: "calling-handler",
    Payload: '{"name":"echo-counting"}',
  });

/** Lets only real time pass, a minute at most, until the work settles. */
async function whileTimeStands(work: Promise<unknown>): Promise<void> {
  let settled = false;
  const end = () => {
    settled = true;
  };
  work.then(end, end);
  for (let seconds = 0; !settled && seconds < 60; seconds++) await vi.advanceTimersByTimeAsync(1_000);
}

describe("a client that calls a function whose own call is answered late", () => {
  it("gets the answer if it advances time until then", async () => {
    const { Payload } = await lambda.clock.runUntilDone(invokeBy("in process"));

    expect(JSON.parse(Payload?.transformToString() ?? "")).toEqual({ payload: 2 });
    expect(lambda.clock.now()).toBeGreaterThan(START);
    expect(lambda.clock.now()).toBeLessThan(START + 20_000);
  });

  it.each(Object.keys(ways) as (keyof typeof ways)[])("is refused %s if nothing makes time pass", async (way) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

    const answer = invokeBy(way);
    await whileTimeStands(answer);

    await expect(answer).rejects.toThrow("Advance the clock while you wait: `clock.runUntilDone(answer)`.");
    expect(lambda.clock.now()).toBe(START);
  });

  it("still gets the answer if time is advanced after it began to wait", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

    const answer = invokeBy("in process");
    await vi.advanceTimersByTimeAsync(19_000);
    await lambda.clock.runUntil(START + 20_000);

    expect((await answer).StatusCode).toBe(200);
  });
});
