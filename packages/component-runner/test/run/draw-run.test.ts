import { expect, test } from "vitest";
import { drawEvent, sayCached } from "../../src/report/draw-run.ts";
import { documentResult, stepLine } from "./a-result.ts";

const failed = { type: "step", ...stepLine({ status: "failed", failureMessage: "exit status 7" }) } as const;

test("the line of a failed step repeats the last line of standard error", () => {
  expect(drawEvent({ ...failed, lastError: "curl: (7) Failed to connect" })).toEqual([
    "    FAILED document.yaml:7: exit status 7, 0.1 s: curl: (7) Failed to connect",
  ]);
});

test("it does not repeat text that the failure contains, or an empty line", () => {
  const line = "    FAILED document.yaml:7: exit status 7, 0.1 s";

  expect(drawEvent(failed)).toEqual([line]);
  expect(drawEvent({ ...failed, lastError: "exit status 7" })).toEqual([line]);
});

test("the result says how many documents came from layers", () => {
  const cached = documentResult({ stage: "build", status: "cached" });

  expect(sayCached([documentResult()])).toBe("");
  expect(sayCached([cached, documentResult()])).toBe("1 document from layers of an earlier run. ");
  expect(sayCached([cached, cached])).toBe("2 documents from layers of an earlier run. ");
});
