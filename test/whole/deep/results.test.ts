import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { partsOf } from "./parts.ts";
import { reportLines } from "./report.ts";
import { addRuns, type LastRun, lastRunsOf, newest, readRuns, toLastRun } from "./results.ts";
import { commitsSince, testedRevision } from "./revision.ts";
import { suites } from "./suites.ts";

const run = (at: string, more: Partial<LastRun> = {}): LastRun => ({
  commit: "a6529f37",
  at,
  seed: 1,
  seconds: 40,
  passed: 3,
  failed: 0,
  skipped: 0,
  ...more,
});

test("parts that never ran are reported first, then the others from the oldest run on, with commit and result", () => {
  const runs = {
    "grants 1/2": run("2026-11-24T20:00:00Z", { dirty: true, failed: 1, passed: 0 }),
    "clients a": run("2026-11-02T08:00:00Z", { commit: "00000000", skipped: 2 }),
    "faults 1/1": run("2026-11-20T08:00:00Z"),
  };
  const since = (revision: string) => ({ a6529f37: 7 })[revision];

  const lines = reportLines(["grants 1/2", "grants 2/2", "clients a", "faults 1/1"], runs, since);

  expect(lines).toEqual([
    "never ran  grants 2/2",
    "2026-11-02T08:00:00Z  00000000 (not in this clone)  passed   40 s, 3 passed, 2 skipped  clients a",
    "2026-11-20T08:00:00Z  a6529f37 +7           passed   40 s, 3 passed  faults 1/1",
    "2026-11-24T20:00:00Z  a6529f37 +7 dirty     FAILED   40 s, 0 passed, 1 failed  grants 1/2",
    "4 part(s): 1 never ran, 1 failed, 1 skipped tests",
  ]);
});

test("of two runs of a part the newer counts, whichever file has it", () => {
  const [older, newer] = [run("2026-11-02T08:00:00Z"), run("2026-11-24T20:00:00Z")];

  expect(newest({ a: older, b: newer }, { a: newer, b: older, c: older })).toEqual({ a: newer, b: newer, c: older });
});

test("a file that is sliced otherwise since has the runs of its last complete slicing, until all new slices ran", () => {
  const old = {
    "a 1/2": run("2026-11-02T08:00:00Z"),
    "a 2/2": run("2026-11-01T08:00:00Z"),
    "b 1/2": run("2026-11-01T08:00:00Z"),
  };
  const now = ["a 1/3", "a 2/3", "a 3/3", "b"];
  const folder = mkdtempSync(join(tmpdir(), "amint-runs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "runs.json");
  const at = "2026-11-25T20:00:00Z";

  expect(lastRunsOf(now, old)).toEqual(Object.fromEntries(now.slice(0, 3).map((id) => [id, old["a 2/2"]])));
  addRuns(file, { ...old, "a 1/3": run(at), "a 2/3": run(at) }, new Set(now));
  expect(Object.keys(readRuns(file))).toEqual(["a 1/2", "a 1/3", "a 2/2", "a 2/3", "b 1/2"]);
  addRuns(file, { "a 3/3": run(at), b: run(at) }, new Set(now));
  expect(Object.keys(readRuns(file))).toEqual(["a 1/3", "a 2/3", "a 3/3", "b"]);
});

test("a file of runs has one line for each part, keeps the parts that did not run, and drops those that are gone", () => {
  const folder = mkdtempSync(join(tmpdir(), "amint-runs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "cache", "runs.json");
  const at = "2026-11-24T20:00:00Z";

  addRuns(file, { "a 10/10": run(at), "a 2/10": run(at), gone: run(at) });
  addRuns(file, { "a 2/10": run("2026-11-25T20:00:00Z") }, new Set(["a 2/10", "a 10/10"]));

  expect(
    readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.split(":")[0]),
  ).toEqual(["{", '  "a 2/10"', '  "a 10/10"', "}", ""]);
  expect(readRuns(file)["a 2/10"]?.at).toBe("2026-11-25T20:00:00Z");
  expect(readRuns(join(folder, "none.json"))).toEqual({});
});

test("a part's result becomes its last run, with the revision that was tested", () => {
  const [part] = suites.flatMap((suite) => partsOf(suite, true));
  if (!part) throw new Error("No part found.");
  const result = { part, passed: 2, failed: 1, skipped: ["one"], seconds: 39.6, output: "" };

  const last = toLastRun(result, { commit: "a6529f37", dirty: true, seed: 7 }, new Date("2026-11-24T20:00:00.123Z"));

  expect(last).toEqual(run("2026-11-24T20:00:00Z", { dirty: true, seed: 7, passed: 2, failed: 1, skipped: 1 }));
});

test("the tested revision is HEAD, which no commit follows", () => {
  const { commit } = testedRevision();

  expect(commit).toMatch(/^[0-9a-f]{8,}$/);
  expect(commitsSince(commit ?? "")).toBe(0);
  expect(commitsSince("0000000000")).toBeUndefined();
});
