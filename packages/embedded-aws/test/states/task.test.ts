import { expect, it, vi } from "vitest";
import type { Service } from "../../src/engine/operation.ts";
import { functionArn, invoke, machine, named, Workbench } from "./workbench.ts";

it("lambda:invoke gives the parsed answer with what Lambda says about it", async () => {
  const workbench = new Workbench({ double: (event) => (event as { n: number }).n * 2 });
  const { Output: _, ...task } = invoke("double", { End: true });

  const run = await workbench.run(machine({ Double: task }), { n: 4 });

  expect(run.output).toMatchObject({ ExecutedVersion: "$LATEST", Payload: 8, StatusCode: 200 });
  expect(run.output).toHaveProperty("SdkHttpMetadata.HttpStatusCode", 200);
  expect(run.types).toEqual([
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSucceeded",
    "TaskStateExited",
    "ExecutionSucceeded",
  ]);
});

it("a function's ARN as the Resource takes the arguments as its event", async () => {
  const workbench = new Workbench({ echo: (event) => event });
  const task = { Type: "Task", Resource: functionArn("echo"), Arguments: { said: "{% $states.input %}" }, End: true };

  const run = await workbench.run(machine({ Echo: task }), "hello");

  expect(run.output).toEqual({ said: "hello" });
  expect(run.types).toContain("LambdaFunctionSucceeded");
});

it("a function's own error fails the execution under its name, with the function's answer as the cause", async () => {
  const workbench = new Workbench({
    broken: () => {
      throw named("CopyFailed", "no space");
    },
  });

  const run = await workbench.run(machine({ Try: invoke("broken", { End: true }) }));

  expect(run).toMatchObject({ status: "FAILED", error: "CopyFailed" });
  expect(JSON.parse(run.cause!)).toEqual({ errorType: "CopyFailed", errorMessage: "no space", trace: [] });
});

it("Retry waits longer each time, at most MaxDelaySeconds, and counts its attempts in the context", async () => {
  const attempts: { time: number; retry: unknown }[] = [];
  const workbench = new Workbench({
    flaky: (event, { clock }) => {
      attempts.push({ time: clock.now(), retry: event });
      if (attempts.length < 4) throw named("Throttled");
      return "done";
    },
  });
  const Retry = [
    { ErrorEquals: ["Throttled"], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 5, MaxDelaySeconds: 10 },
  ];
  const Arguments = { FunctionName: functionArn("flaky"), Payload: "{% $states.context.State.RetryCount %}" };

  const run = await workbench.run(machine({ Try: invoke("flaky", { Arguments, Retry, End: true }) }));

  expect(run.output).toBe("done");
  const waits = attempts.slice(1).map(({ time }, at) => (time - attempts[at]!.time) / 1_000);
  expect(waits).toEqual([2, 6, 10]);
  expect(attempts.map(({ retry }) => retry)).toEqual([0, 1, 2, 3]);
});

it("full jitter waits at most the delay, and the same run waits the same", async () => {
  const seconds: number[] = [];
  for (let round = 0; round < 2; round++) {
    const workbench = new Workbench({
      down: () => {
        throw named("Throttled");
      },
    });
    const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 100, MaxAttempts: 1, JitterStrategy: "FULL" }];
    seconds.push((await workbench.run(machine({ Try: invoke("down", { Retry, End: true }) }))).seconds);
  }

  expect(seconds[0]).toBe(seconds[1]);
  expect(seconds[0]).toBeGreaterThan(0);
  expect(seconds[0]).toBeLessThan(100);
});

it("MaxAttempts counts per retrier, and Catch takes what is left", async () => {
  let calls = 0;
  const workbench = new Workbench({
    down: () => {
      throw named(calls++ % 2 ? "Odd" : "Even");
    },
  });
  const Retry = [
    { ErrorEquals: ["Odd"], IntervalSeconds: 1, MaxAttempts: 1 },
    { ErrorEquals: ["Even"], IntervalSeconds: 1, MaxAttempts: 2 },
  ];
  const Catch = [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput.Error %}", Next: "Caught" }];
  const definition = machine({ Try: invoke("down", { Retry, Catch, End: true }), Caught: { Type: "Succeed" } });

  const run = await workbench.run(definition);

  expect(run.output).toBe("Odd");
  expect(calls).toBe(4);
});

it("Catch sees Error and Cause, assigns, and keeps the state's input", async () => {
  const workbench = new Workbench({
    broken: () => {
      throw named("Boom", "why");
    },
  });
  const Catch = [
    { ErrorEquals: ["Other"], Next: "Wrong" },
    {
      ErrorEquals: ["Boom"],
      Assign: { failure: "{% $states.errorOutput.Error %}" },
      Output: { input: "{% $states.input %}", message: "{% $parse($states.errorOutput.Cause).errorMessage %}" },
      Next: "Right",
    },
  ];
  const definition = machine({
    Try: invoke("broken", { Catch, End: true }),
    Wrong: { Type: "Fail" },
    Right: { Type: "Pass", Output: "{% [$states.input, $failure] %}", End: true },
  });

  const run = await workbench.run(definition, { a: 1 });

  expect(run.output).toEqual([{ input: { a: 1 }, message: "why" }, "Boom"]);
});

it("a query that fails inside a Task can be caught", async () => {
  const workbench = new Workbench({ echo: (event) => event });
  const Catch = [{ ErrorEquals: ["States.QueryEvaluationError"], Next: "Caught" }];
  const definition = machine({
    Try: invoke("echo", { Output: "{% $nothing %}", Catch, End: true }),
    Caught: { Type: "Succeed", Output: "caught" },
  });

  const run = await workbench.run(definition);

  expect(run.output).toBe("caught");
});

it("TimeoutSeconds fails with States.Timeout, which States.TaskFailed does not catch", async () => {
  const workbench = new Workbench({ slow: (_, { clock }) => clock.sleep(60_000) });
  const Catch = [
    { ErrorEquals: ["States.TaskFailed"], Next: "Wrong" },
    { ErrorEquals: ["States.Timeout"], Next: "Right" },
  ];
  const definition = machine({
    Try: invoke("slow", { TimeoutSeconds: "{% 2 + 3 %}", Catch, End: true }),
    Wrong: { Type: "Fail" },
    Right: { Type: "Succeed" },
  });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "SUCCEEDED", seconds: 5 });
  expect(run.types).toContain("TaskTimedOut");
  expect(run.output).toMatchObject({ Error: "States.Timeout" });
});

it("a result over 256 KiB is States.DataLimitExceeded, which States.ALL does not catch", async () => {
  const workbench = new Workbench({ big: () => "x".repeat(300_000) });
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
  const definition = machine({ Try: invoke("big", { Catch, End: true }), Caught: { Type: "Succeed" } });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
});

it("a fault of the embedded AWS fails the execution and is said on stderr", async () => {
  const faulty: Service = {
    name: "sqs",
    client: () => import("@aws-sdk/client-sqs"),
    operations: {
      SendMessage: {
        run() {
          throw new TypeError("a bug");
        },
      },
    },
  };
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const Arguments = { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/111122223333/queue", MessageBody: "hello" };
  const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Caught" }];
  const task = { Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", Arguments, Catch, End: true };

  const run = await new Workbench({}, { sqs: faulty }).run(machine({ Send: task, Caught: { Type: "Succeed" } }));

  expect(run).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  expect(run.cause).toContain("a bug");
  expect(said).toHaveBeenCalledOnce();
  said.mockRestore();
});
