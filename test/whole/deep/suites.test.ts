import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { deepFiles } from "./deep-files.ts";
import { DURATIONS, partsOf } from "./parts.ts";
import { parseSlice } from "./size.ts";
import { filesOf, suites } from "./suites.ts";

const repeated = (all: readonly string[]): string[] => all.filter((one, index) => all.indexOf(one) !== index);

test("every file with deep tests belongs to one suite", () => {
  const files = suites.flatMap(filesOf);

  expect(repeated(files)).toEqual([]);
  expect(deepFiles().filter((file) => !files.includes(file))).toEqual([]);
});

test("every file that a suite names exists", () => {
  expect(suites.flatMap(filesOf).filter((file) => !existsSync(file))).toEqual([]);
});

test("every duration recorded is of a file with deep tests", async () => {
  const { default: recorded } = await import("./durations.json", { with: { type: "json" } });
  const files = suites.flatMap(filesOf);

  expect(
    Object.keys(recorded).filter((file) => !files.includes(file)),
    DURATIONS,
  ).toEqual([]);
});

test("every part has a unique name, and with --all a suite runs all of its parts", () => {
  for (const all of [false, true]) {
    expect(repeated(suites.flatMap((suite) => partsOf(suite, all).map(({ id }) => id)))).toEqual([]);
  }
  for (const suite of suites) expect(partsOf(suite, true).length, suite.name).toBeGreaterThan(0);
});

test("the tests of a file are dealt to as many parts as its recorded duration needs, but no part is without tests", () => {
  const suite = { name: "some", about: "", files: ["test/a.test.ts", "test/b.test.ts", "test/c.test.ts"] };
  const recorded = { "test/a.test.ts": { seconds: 100, tests: 9 }, "test/b.test.ts": { seconds: 100, tests: 2 } };

  expect(partsOf(suite, false, recorded).map(({ id, seconds, env }) => [id, seconds, env.AMINT_TESTS])).toEqual([
    ["some test/a.test.ts 1/3", 34, "1/3"],
    ["some test/a.test.ts 2/3", 34, "2/3"],
    ["some test/a.test.ts 3/3", 34, "3/3"],
    ["some test/b.test.ts 1/2", 50, "1/2"],
    ["some test/b.test.ts 2/2", 50, "2/2"],
    ["some test/c.test.ts", 45, "1/1"],
  ]);
});

test.each(["0/3", "4/3", "3", "x/3", ""])('"%s" is not a part', (text) => {
  expect(() => parseSlice(text)).toThrow("is not a part");
});
