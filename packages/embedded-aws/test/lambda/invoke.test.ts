import { describe, expect, it } from "vitest";
import { eventsIn } from "../../src/services/logs/keep-events.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { ACCOUNT, eachLambda, REGION, START } from "./new-lambda.ts";

const lambda = eachLambda();

describe("a function in its worker", () => {
  it("sees its own environment and nothing of the machine's", async () => {
    process.env.SECRET_OF_THE_MACHINE = "hunter2";
    lambda.deploy("echo.handler", { name: "one", environment: { TABLE: "ledger" }, memoryMb: 256 });
    lambda.deploy("echo.handler", { name: "two", environment: { OTHER: "thing" } });

    const one = await lambda.invoke("one", { asked: true });
    const two = await lambda.invoke("two");
    delete process.env.SECRET_OF_THE_MACHINE;

    expect(one.payload.event).toEqual({ asked: true });
    expect(one.payload.environment).toMatchObject({
      TABLE: "ledger",
      AWS_REGION: REGION,
      AWS_LAMBDA_FUNCTION_NAME: "one",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/one",
      AWS_SESSION_TOKEN: expect.any(String),
    });
    expect(one.payload.environment).not.toHaveProperty("SECRET_OF_THE_MACHINE");
    expect(one.payload.environment).not.toHaveProperty("LAMBDA_TASK_ROOT");
    expect(two.payload.environment).not.toHaveProperty("TABLE");
    expect(two.payload.environment.AWS_ACCESS_KEY_ID).not.toBe(one.payload.environment.AWS_ACCESS_KEY_ID);
  });

  it("gets its invocation in the context", async () => {
    const { arn } = lambda.deploy("echo.handler", { timeoutSeconds: 30 });

    const { payload } = await lambda.invoke(`${arn}:$LATEST`);

    expect(payload.context).toMatchObject({
      functionName: "echo-handler",
      functionVersion: "$LATEST",
      memoryLimitInMB: "128",
      invokedFunctionArn: `${arn}:$LATEST`,
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      remaining: 30_000,
    });
  });

  it("lives in factory time", async () => {
    lambda.deploy("echo.handler");
    await lambda.clock.runUntil(START + 13 * 24 * 3_600_000);

    const { payload } = await lambda.invoke("echo-handler");

    expect(payload).toMatchObject({ now: "2026-04-14T08:00:00.000Z", today: "14/04/2026", isDate: true });
  });

  it("keeps its execution environment between invocations", async () => {
    lambda.deploy("echo.counting");

    const answers = [await lambda.invoke("echo-counting"), await lambda.invoke("echo-counting")];

    expect(answers.map(({ payload }) => payload)).toEqual([1, 2]);
  });

  it("answers invocations that come together one after the other from one warm environment", async () => {
    lambda.deploy("echo.counting");

    const answers = await Promise.all(Array.from({ length: 20 }, () => lambda.invoke("echo-counting")));

    expect(answers.map(({ payload }) => payload)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it("has its output kept, and its tail answered on request", async () => {
    lambda.deploy("echo.handler");

    const { log } = await lambda.invoke("echo-handler", { hello: 1 }, { LogType: "Tail" });

    const lines = eventsIn(lambda.aws, ACCOUNT, REGION, "/aws/lambda/echo-handler").map(({ message }) => message);
    expect(lines).toEqual([
      expect.stringMatching(/^START RequestId: \S+ Version: \$LATEST\n$/),
      expect.stringMatching(/^2026-04-01T08:00:\d\d\.\d{3}Z\t[0-9a-f-]{36}\tINFO\tseen \{"hello":1\}\n$/),
      expect.stringMatching(/^END RequestId: \S+\n$/),
      expect.stringMatching(
        /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t\n$/,
      ),
    ]);
    expect(Buffer.from(log ?? "", "base64").toString()).toBe(lines.join(""));
  });

  it("may take a callback up to Node.js 22, and no longer from Node.js 24 on", async () => {
    lambda.deploy("callback.handler", { name: "old", runtime: "nodejs22.x" });
    lambda.deploy("callback.handler", { name: "new" });

    const old = await lambda.invoke("old");
    const failed = await lambda.invoke("old", { fail: true });
    const refused = await lambda.invoke("new");

    expect(old).toMatchObject({ error: undefined, payload: "called back" });
    expect(failed).toMatchObject({ error: "Unhandled", payload: { errorType: "Error", errorMessage: "called back" } });
    expect(refused.payload.errorType).toBe("Runtime.CallbackHandlerDeprecated");
  });
});

describe("Invoke", () => {
  it("only checks on a dry run", async () => {
    lambda.deploy("failing.throwing");

    const answer = await lambda.invoke("failing-throwing", {}, { InvocationType: "DryRun" });

    expect(answer).toEqual({ status: 204, error: undefined, log: undefined, payload: undefined });
  });

  it("refuses unknown functions, and payloads that are not JSON", async () => {
    lambda.deploy("echo.handler");

    await expectRefusal(
      lambda.invoke("missing"),
      "ResourceNotFoundException",
      `Function not found: arn:aws:lambda:${REGION}:${ACCOUNT}:function:missing`,
    );
    await expect(lambda.invoke("echo-handler:live")).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    await expectRefusal(
      lambda.invoke("echo-handler", {}, { Payload: Buffer.from("{no") }),
      "InvalidRequestContentException",
    );
    await expectRefusal(
      lambda.invoke("echo-handler", {}, { Payload: Buffer.alloc(7_000_000, 49) }),
      "RequestTooLargeException",
    );
  });
});

describe("a function that fails", () => {
  it("is reported with its error's name, message and trace", async () => {
    lambda.deploy("failing.throwing");

    const answer = await lambda.invoke("failing-throwing", { part: "kernel" });

    expect(answer).toMatchObject({ status: 200, error: "Unhandled" });
    expect(answer.payload).toEqual({
      errorType: "PartMissing",
      errorMessage: "the kernel is missing",
      trace: expect.arrayContaining(["PartMissing: the kernel is missing"]),
    });
  });

  it("is reported even if it throws a value that is not an error, or answers a value that is not JSON", async () => {
    lambda.deploy("failing.throwingText");
    lambda.deploy("failing.unserializable");

    const text = await lambda.invoke("failing-throwingText");
    const big = await lambda.invoke("failing-unserializable");

    expect(text.payload).toEqual({ errorType: "string", errorMessage: "just text", trace: [] });
    expect(big.payload).toMatchObject({
      errorType: "Runtime.JSONStringifyError",
      errorMessage: "Unable to stringify response body",
    });
  });

  it("ends its environment with an unhandled rejection", async () => {
    lambda.deploy("failing.rejecting");

    const answer = await lambda.invoke("failing-rejecting");

    expect(answer.payload).toMatchObject({
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: "Error: unhandled",
    });
  });

  it("ends its environment by leaving the process, and the exit code is reported", async () => {
    lambda.deploy("failing.exiting");

    const bad = await lambda.invoke("failing-exiting", { code: 3 });
    const good = await lambda.invoke("failing-exiting", { code: 0 });

    expect(bad.payload.errorType).toBe("Runtime.ExitError");
    expect(bad.payload.errorMessage).toMatch(
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/,
    );
    expect(good.payload.errorMessage).toMatch(/Error: Runtime exited without providing a reason$/);
  });

  it("is ended when it loops for ever, keeps what it wrote before, and works again afterwards", async () => {
    lambda.deploy("failing.looping", { timeoutSeconds: 1 });

    const stuck = await lambda.invoke("failing-looping", { loop: true });
    const next = await lambda.invoke("failing-looping", { loop: false });

    expect(stuck.payload).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds$/),
    });
    expect(next).toMatchObject({ error: undefined, payload: "out" });
    const lines = eventsIn(lambda.aws, ACCOUNT, REGION, "/aws/lambda/failing-looping").map(({ message }) => message);
    expect(lines.filter((line) => line.endsWith("\tINFO\tbefore the loop\n"))).toHaveLength(2);
  });

  it("ends only itself when it runs out of memory, and works again afterwards", async () => {
    lambda.deploy("failing.hoarding", { timeoutSeconds: 60 });
    lambda.deploy("echo.counting");
    await lambda.invoke("echo-counting");

    const hoarder = await lambda.invoke("failing-hoarding", { hoard: true });
    const again = await lambda.invoke("failing-hoarding", { hoard: false });
    const other = await lambda.invoke("echo-counting");

    expect(hoarder).toMatchObject({ error: "Unhandled", payload: { errorType: "Runtime.ExitError" } });
    expect(hoarder.payload.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
    expect(again.payload).toBe("enough");
    expect(other.payload).toBe(2);
  });

  it("is reported when its module does not load, its handler is missing or its source cannot be built", async () => {
    lambda.deploy("broken.handler");
    lambda.deploy("failing.notAFunction");
    lambda.deploy("absent.handler");

    const broken = await lambda.invoke("broken-handler");
    const missing = await lambda.invoke("failing-notAFunction");
    const absent = await lambda.invoke("absent-handler");

    expect(broken.payload).toMatchObject({ errorType: "TypeError", errorMessage: "the module does not load" });
    expect(missing.payload).toMatchObject({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: "failing.notAFunction is undefined or not exported",
    });
    expect(absent.payload.errorType).toBe("Runtime.ImportModuleError");
    expect(absent.payload.errorMessage).toContain("absent");
  });
});
