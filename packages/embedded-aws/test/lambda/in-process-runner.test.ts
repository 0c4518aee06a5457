import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { setInterference, undisturbed } from "../../src/faults/interference.ts";
import { eachLambda } from "./new-lambda.ts";

const lambda = eachLambda();
beforeEach(() => lambda.inThisThread());
const during = <T>(work: Promise<T>) => lambda.during(work);

describe("a function in this thread", () => {
  it("sees its own environment and factory time, and leaves nothing of them behind", async () => {
    lambda.deploy("echo.handler", { environment: { COLOUR: "green" } });

    const { payload } = await during(lambda.invoke("echo-handler", { a: 1 }));

    expect(payload).toMatchObject({ event: { a: 1 }, now: "2026-04-01T08:00:00.000Z", isDate: true });
    expect(payload.environment).toMatchObject({ COLOUR: "green", AWS_LAMBDA_FUNCTION_NAME: "echo-handler" });
    expect(payload.environment.PATH).toBeUndefined();
    expect(process.env.COLOUR).toBeUndefined();
    expect(Date.now()).toBeGreaterThan(lambda.clock.now());
  });

  it("keeps its modules from one invocation to the next, and to itself", async () => {
    lambda.deploy("echo.counting");
    lambda.deploy("echo.counting", { name: "another" });

    await during(lambda.invoke("echo-counting"));
    const second = await during(lambda.invoke("echo-counting"));
    const another = await during(lambda.invoke("another"));

    expect([second.payload, another.payload]).toEqual([2, 1]);
  });

  it("sleeps in factory time, and no longer than its timeout", async () => {
    lambda.deploy("sleeping.handler", { timeoutSeconds: 60 });

    const short = await during(lambda.invoke("sleeping-handler", { ms: 20_000, steps: 2 }));
    const long = await during(lambda.invoke("sleeping-handler", { ms: 61_000 }));

    expect(short.payload).toBe(40_000);
    expect(long.payload.errorMessage).toMatch(/Task timed out after 60.00 seconds$/);
  });

  it("fails with the errors of Lambda's runtime", async () => {
    lambda.deploy("failing.throwing");
    lambda.deploy("failing.exiting");
    lambda.deploy("failing.notAFunction");

    const thrown = await during(lambda.invoke("failing-throwing", { part: "screw" }));
    const exited = await during(lambda.invoke("failing-exiting", { code: 3 }));
    const missing = await during(lambda.invoke("failing-notAFunction"));

    expect(thrown.payload).toMatchObject({ errorType: "PartMissing", errorMessage: "the screw is missing" });
    expect(exited.payload).toMatchObject({ errorType: "Runtime.ExitError" });
    expect(exited.payload.errorMessage).toMatch(/exit status 3$/);
    expect(missing.payload).toMatchObject({ errorType: "Runtime.HandlerNotFound" });
  });

  it("calls AWS without a socket, even itself while it runs", async () => {
    lambda.deploy("calling.handler", { timeoutSeconds: 60 });

    const { payload } = await during(lambda.invoke("calling-handler", { name: "calling-handler", depth: 3 }));

    expect(JSON.stringify(payload)).toContain("the bottom");
  });

  it("unpacks while time stands still, however long its threads take", async () => {
    lambda.deploy("unpacking.handler", { timeoutSeconds: 60 });
    const packed = gzipSync(Buffer.alloc(40_000_000)).toString("base64");

    const { payload } = await during(lambda.invoke("unpacking-handler", { packed }));

    expect(payload).toEqual({ bytes: 40_000_000, ms: 0 });
  });

  it("is killed before or after one of its requests, and never gets the answer", async () => {
    lambda.deploy("calling.handler", { timeoutSeconds: 60 });
    lambda.deploy("echo.counting");
    const event = { name: "echo-counting", depth: 1 };
    const kill = (carriedOut: boolean) =>
      setInterference(lambda.aws, {
        ...undisturbed,
        lifetime: (name) => (name === "calling-handler" ? { calls: 1, carriedOut } : undefined),
      });

    kill(false);
    const before = await during(lambda.invoke("calling-handler", event));
    kill(true);
    const after = await during(lambda.invoke("calling-handler", event));
    const counted = await during(lambda.invoke("echo-counting"));

    expect(before.payload).toMatchObject({ errorType: "Runtime.ExitError" });
    expect(after.payload).toMatchObject({ errorType: "Runtime.ExitError" });
    expect(counted.payload).toBe(2);
  });

  it("leaves nothing in memory once it was killed", async () => {
    lambda.deploy("calling.handler", { timeoutSeconds: 60 });
    setInterference(lambda.aws, { ...undisturbed, lifetime: () => ({ calls: 1, carriedOut: true }) });
    const kill = () => during(lambda.invoke("calling-handler", { name: "calling-handler", depth: 1 }));
    await kill();
    await kill();
    const one = await memoryOf(kill);

    const ten = await memoryOf(async () => {
      for (let n = 0; n < 10; n++) await kill();
    });

    // An environment's modules are several million bytes; the log of its end is not.
    expect(one).toBeLessThan(1_000_000);
    expect(ten).toBeLessThan(2_000_000);
  });
});

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** How many bytes are in use afterwards that were not before. */
async function memoryOf(work: () => Promise<unknown>): Promise<number> {
  const used = async () => {
    for (let n = 0; n < 3; n++) {
      await setImmediate();
      collectGarbage();
    }
    return process.memoryUsage().heapUsed;
  };
  const before = await used();
  await work();
  return (await used()) - before;
}
