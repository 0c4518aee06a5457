import { expect, it } from "vitest";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { account, invoke, machine, region, start, Workbench } from "./workbench.ts";

const waits = machine({ Wait: { Type: "Wait", Seconds: 60, End: true } });
const day = 24 * 3_600_000;

it("the same name and input while it runs is the same execution; anything else under the name is refused", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(waits);
  const first = await workbench.begin(stateMachineArn, { a: 1 }, "one");

  const again = await workbench.begin(stateMachineArn, { a: 1 }, "one");
  const otherInput = workbench.begin(stateMachineArn, { a: 2 }, "one");

  expect(again).toBe(first);
  await expectRefusal(otherInput, "ExecutionAlreadyExists");
  await workbench.clock.runUntil(start + day);
  await expectRefusal(workbench.begin(stateMachineArn, { a: 1 }, "one"), "ExecutionAlreadyExists");
});

it("ninety days after its end an execution is forgotten, and its name is free", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(waits);
  const executionArn = await workbench.begin(stateMachineArn, {}, "one");
  await workbench.clock.runUntil(start + 91 * day);

  await expectRefusal(workbench.call("DescribeExecution", { executionArn }), "ExecutionDoesNotExist");
  expect(await workbench.begin(stateMachineArn, {}, "one")).toBe(executionArn);
});

it("names and inputs that AWS refuses are refused", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(waits);

  await expectRefusal(workbench.begin(stateMachineArn, {}, "a/b"), "InvalidName");
  await expectRefusal(workbench.call("StartExecution", { stateMachineArn, input: "{" }), "InvalidExecutionInput");
  await expectRefusal(workbench.begin(`${stateMachineArn}-x`), "StateMachineDoesNotExist");
});

it("StopExecution ends it at once, with error and cause, and later work leaves no trace", async () => {
  const workbench = new Workbench({ slow: (_, { clock }) => clock.sleep(600_000) });
  const stateMachineArn = await workbench.create(machine({ Slow: invoke("slow", { End: true }) }));
  const executionArn = await workbench.begin(stateMachineArn);
  await workbench.clock.runUntil(start + 5_000);

  await workbench.call("StopExecution", { executionArn, error: "ByHand", cause: "enough" });
  await workbench.clock.runUntil(start + day);

  const run = await workbench.look(executionArn);
  expect(run).toMatchObject({ status: "ABORTED", error: "ByHand", cause: "enough", seconds: 5 });
  expect(run.types.at(-1)).toBe("ExecutionAborted");
});

it("the history comes in pages, and newest first on request", async () => {
  const workbench = new Workbench();
  const executionArn = await workbench.begin(await workbench.create(waits));
  await workbench.clock.runUntil(start + day);
  type Page = { events: { id: number; timestamp: Date }[]; nextToken?: string };

  const first = await workbench.call<Page>("GetExecutionHistory", { executionArn, maxResults: 3 });
  const rest = await workbench.call<Page>("GetExecutionHistory", {
    executionArn,
    maxResults: 3,
    nextToken: first.nextToken,
  });
  const newest = await workbench.call<Page>("GetExecutionHistory", { executionArn, reverseOrder: true });

  expect([...first.events, ...rest.events].map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  expect(newest.events.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
  expect(first.events[2]!.timestamp).toEqual(new Date(start + 60_000));
});

it("executions are listed newest first, by status", async () => {
  const workbench = new Workbench();
  const stateMachineArn = await workbench.create(waits);
  for (const name of ["one", "two"]) await workbench.begin(stateMachineArn, {}, name);
  await workbench.clock.runUntil(start + day);
  await workbench.begin(stateMachineArn, {}, "three");
  const names = async (statusFilter?: string) => {
    type List = { executions: { name: string }[] };
    const { executions } = await workbench.call<List>("ListExecutions", { stateMachineArn, statusFilter });
    return executions.map(({ name }) => name);
  };

  expect(await names()).toEqual(["three", "two", "one"]);
  expect(await names("RUNNING")).toEqual(["three"]);
  expect(await names("SUCCEEDED")).toEqual(["two", "one"]);
});

it("every change of status is an event on the default bus", async () => {
  const workbench = new Workbench();
  const seen: BusEvent[] = [];
  watchBus(workbench.aws, account, region, "default", (event) => seen.push(event));

  const executionArn = await workbench.begin(await workbench.create(waits), { a: 1 }, "one");
  await workbench.clock.runUntil(start + day);

  expect(seen.map(({ detail }) => detail.status)).toEqual(["RUNNING", "SUCCEEDED"]);
  expect(seen[1]).toMatchObject({
    "detail-type": "Step Functions Execution Status Change",
    resources: [executionArn],
    detail: {
      executionArn,
      name: "one",
      input: '{"a":1}',
      output: '{"a":1}',
      startDate: start,
      stopDate: start + 60_000,
    },
  });
});
