import type { DocumentResult } from "component-runner";
import { documentResult, stepLine } from "component-runner/testing/results";
import { expect, test } from "vitest";
import { toEvidence } from "../../cli/build/build-here.ts";
import { judgeHere } from "../../core/gate/judge-here.ts";
import { circumstances } from "./an-evidence.ts";

const judge = (documents: readonly DocumentResult[], cve = {}) =>
  judgeHere(toEvidence({ documents }, new Map()), { cve: { count: "all", ...cve } }, circumstances());

test("the steps of all test documents count; those that did not run do not", () => {
  const { reasons, verdict } = judge([
    documentResult({ stage: "build", steps: [stepLine()] }),
    documentResult({ steps: [stepLine(), stepLine({ status: "skipped" }), stepLine({ fidelity: "skipped" })] }),
    documentResult({ steps: [stepLine(), stepLine({ status: "ignored-failure" })] }),
  ]);

  expect(reasons.find(({ rule }) => rule === "tests")?.found).toBe("3 of 3 test steps completed");
  expect(verdict).toBe("passed");
});

test("a failed step rejects, and is named", () => {
  const failed = stepLine({ document: "tests.yaml", step: "Answers", status: "failed" });
  const { reasons, verdict } = judge([documentResult({ status: "failed", steps: [stepLine(), failed] })]);

  expect(reasons.find(({ rule }) => rule === "tests")).toMatchObject({
    passed: false,
    found: "1 of 2 test steps completed",
    examples: expect.arrayContaining(["tests.yaml test.Answers: FAILED"]),
  });
  expect(verdict).toBe("rejected");
});

test("a failed build rejects, although no test ran", () => {
  expect(
    judge([documentResult({ stage: "build", status: "failed", steps: [stepLine({ status: "failed" })] })]),
  ).toMatchObject({ verdict: "rejected" });
});

test("a scan is listed as not judged only where the image limits its findings", () => {
  const documents = [documentResult({ steps: [stepLine()] })];

  expect(judge(documents).notJudged).toEqual([]);
  expect(judge(documents, { critical: 0 }).notJudged).toEqual(["cve-scan", "cve-critical"]);
  expect(judge(documents, { score: 9 }).notJudged).toEqual(["cve-scan", "cve-score"]);
});
