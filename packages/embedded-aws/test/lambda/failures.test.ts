import { afterEach, describe, expect, it } from "vitest";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { eventsIn } from "../../src/services/logs/keep-events.ts";
import { ACCOUNT, newLambda, REGION } from "./new-lambda.ts";

let lambda = newLambda();
afterEach(async () => {
  await closeLambda(lambda.aws);
  lambda = newLambda();
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
