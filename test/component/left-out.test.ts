import type { DocumentResult, ImageRun, StepLine } from "component-runner";
import { documentResult, stepLine } from "component-runner/testing/results";
import { expect, test } from "vitest";
import { isNoticed, leaveOut } from "../../demo/debian/left-out.ts";

const TESTS = "demo/debian/components/ssh-tests.yaml";
const OTHERS = "demo/debian/components/web-server-tests.yaml";

const step = (name: string, status: StepLine["status"]): StepLine =>
  stepLine({ step: name, status, document: TESTS, tail: status === "failed" ? ["root was not refused"] : [] });

const result = (document: string, ...steps: StepLine[]): DocumentResult =>
  documentResult({ document, steps, status: steps.some(({ status }) => status === "failed") ? "failed" : "success" });

/** Leaves out amint:harden-ssh where the run has these results. */
async function leftOut(...documents: DocumentResult[]) {
  const ran: string[][] = [];
  const planned = ["amint:harden-ssh", TESTS, OTHERS].map((title) => ({ kind: "elsewhere", title }) as const);
  const run = async (changes: Partial<ImageRun> = {}) => {
    ran.push((changes.planned ?? []).map(({ title }) => title));
    return { documents, restarts: 1, tested: true };
  };
  return { found: await leaveOut({ planned, run }, "amint:harden-ssh"), ran };
}

test("the image is built without the component, and its tests run last", async () => {
  const { ran } = await leftOut();

  expect(ran).toEqual([[OTHERS, TESTS]]);
});

test("a hardening component is noticed if every step of its tests fails, and no other document", async () => {
  const { found } = await leftOut(result(OTHERS, step("Answers", "success")), result(TESTS, step("Root", "failed")));

  expect(found).toMatchObject({ noticed: ["Root: root was not refused"], unnoticed: [], others: [] });
  expect(isNoticed(found)).toBe(true);
});

test("a step that passes without the component is reported: it tests nothing of it", async () => {
  const { found } = await leftOut(result(TESTS, step("Root", "failed"), step("Vacuous", "success")));

  expect(found.unnoticed).toEqual(["Vacuous"]);
  expect(isNoticed(found)).toBe(false);
});

test("a failure that the component does not explain is reported", async () => {
  const { found } = await leftOut(result(OTHERS, step("Answers", "failed")), result(TESTS, step("Root", "failed")));

  expect(found.others).toEqual([`${OTHERS}: `]);
  expect(isNoticed(found)).toBe(false);
});

test("a component whose tests did not run is not noticed", async () => {
  const { found } = await leftOut(result(OTHERS, step("Answers", "success")));

  expect(isNoticed(found)).toBe(false);
});
