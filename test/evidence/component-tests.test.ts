import { expect, test } from "vitest";
import type { WorkflowStep } from "../../core/build/workflow-steps.ts";
import { componentName, componentTests } from "../../core/evidence/component-tests.ts";

const recipe = ["update-linux", "acme-agents", "simple-boot-test-linux", "acme-smoke", "acme-openscap"];
const tests = ["acme-openscap", "acme-smoke", "simple-boot-test-linux"];
const step = (status: string, message?: string): WorkflowStep => ({
  workflow: "TEST",
  name: "ApplyTestComponents",
  action: "ExecuteComponents",
  status,
  message,
  outputs: undefined,
});

test("a component has the same name in Image Builder and the config", () => {
  const parameters = {};
  const arn = "arn:aws:imagebuilder:eu-west-1:444455556666:component/shared-smoke/1.x.x";

  expect(componentName("acme", { aws: "simple-boot-test-linux", parameters })).toBe("simple-boot-test-linux");
  expect(componentName("acme", { document: "images/components/smoke.yaml", parameters })).toBe("acme-smoke");
  expect(componentName("acme", { arn, parameters })).toBe("shared-smoke");
});

test("all passed if the step completed", () => {
  expect(componentTests(recipe, tests, [step("COMPLETED")])).toEqual([
    { component: "simple-boot-test-linux", status: "passed" },
    { component: "acme-smoke", status: "passed" },
    { component: "acme-openscap", status: "passed" },
  ]);
});

test("those before the failed one passed, it failed, and those after it did not run", () => {
  const message = [
    "Component arn:aws:imagebuilder:eu-west-1:111122223333:component/acme-smoke/1.2.3/1 failed in phase 'test', step 'Ping'.",
    "ErrorMessage: no answer",
  ].join("\n");

  expect(componentTests(recipe, tests, [step("FAILED", message)])).toEqual([
    { component: "simple-boot-test-linux", status: "passed" },
    { component: "acme-smoke", status: "failed", phase: "test", step: "Ping", reason: "no answer" },
    { component: "acme-openscap", status: "not-run" },
  ]);
});

test("none ran if the build failed before its tests", () => {
  expect(componentTests(recipe, tests, []).map(({ status }) => status)).toEqual(["not-run", "not-run", "not-run"]);
});

test("the result is empty if Image Builder names no component", () => {
  expect(componentTests(recipe, tests, [step("FAILED", "the instance was lost")])).toEqual([]);
});

test("if the step does not name the component, Image Builder's failure reason does", () => {
  const known = { component: "acme-smoke", phase: "test", step: "Ping", reason: "no answer" };

  expect(componentTests(recipe, tests, [step("FAILED", "the command failed")], known)).toEqual([
    { component: "simple-boot-test-linux", status: "passed" },
    { component: "acme-smoke", status: "failed", phase: "test", step: "Ping", reason: "no answer" },
    { component: "acme-openscap", status: "not-run" },
  ]);
});
