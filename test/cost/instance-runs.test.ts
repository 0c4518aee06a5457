import { expect, test } from "vitest";
import type { WorkflowStep } from "../../core/build/workflow-steps.ts";
import { instanceRuns } from "../../core/cost/usage.ts";

const step = (workflow: string, action: string, from: string | undefined, to?: string): WorkflowStep => ({
  workflow,
  name: action,
  action,
  status: "COMPLETED",
  message: undefined,
  outputs: undefined,
  startedAt: from && `2026-04-14T${from}:00.000Z`,
  endedAt: to && `2026-04-14T${to}:00.000Z`,
});

const at = (time: string): string => `2026-04-14T${time}:00.000Z`;

test("an instance counts from its launch until it is terminated, the build's and the tests' each by itself", () => {
  const steps = [
    step("BUILD", "LaunchInstance", "03:00", "03:02"),
    step("BUILD", "ExecuteComponents", "03:02", "03:20"),
    step("BUILD", "TerminateInstance", "03:30", "03:31"),
    step("TEST", "LaunchInstance", "03:31", "03:33"),
    step("TEST", "TerminateInstance", "03:40", "03:41"),
    step("DISTRIBUTION", "DistributeImage", "03:41", "05:00"),
  ];

  const runs = instanceRuns(steps);

  expect(runs).toEqual([
    { workflow: "build", from: at("03:00"), to: at("03:31") },
    { workflow: "test", from: at("03:31"), to: at("03:41") },
  ]);
});

test("an instance that a failure ended counts until the last step's end; steps that never began count nothing", () => {
  const steps = [
    step("BUILD", "LaunchInstance", "03:00", "03:02"),
    step("BUILD", "ExecuteComponents", "03:02", "03:20"),
    step("BUILD", "TerminateInstance", undefined),
  ];

  const runs = instanceRuns(steps);

  expect(runs).toEqual([{ workflow: "build", from: at("03:00"), to: at("03:20") }]);
});

test("a workflow with two instances one after the other has two", () => {
  const steps = [
    step("TEST", "LaunchInstance", "03:00", "03:01"),
    step("TEST", "TerminateInstance", "03:05", "03:06"),
    step("TEST", "LaunchInstance", "04:00", "04:01"),
    step("TEST", "TerminateInstance", "04:05", "04:06"),
  ];

  const runs = instanceRuns(steps);

  expect(runs.map(({ from, to }) => [from, to])).toEqual([
    [at("03:00"), at("03:06")],
    [at("04:00"), at("04:06")],
  ]);
});
