import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { capabilities } from "./capabilities.ts";
import { wholeDeepFiles } from "./deep-files.ts";
import { faults } from "./planted/faults.ts";

const files = Object.entries(capabilities).flatMap(([capability, some]) => some.map((file) => ({ capability, file })));

test("every capability has tests in npm test", () => {
  const deep = wholeDeepFiles();

  expect(files.filter(({ file }) => !existsSync(file) || deep.includes(file))).toEqual([]);
});

test("CONTRIBUTING lists every capability with its tests", () => {
  const text = readFileSync("CONTRIBUTING.md", "utf8");

  for (const [capability, some] of Object.entries(capabilities)) {
    const line = text.split("\n").find((one) => one.startsWith(`| ${capability} |`)) ?? "";
    expect(
      some.filter((file) => !line.includes(file.replace(/^test\//, "").replace(/\.test\.ts$/, ""))),
      capability,
    ).toEqual([]);
  }
});

test("every planted fault is text that its file has once, and changes it", () => {
  for (const { name, file, from, to } of faults) {
    expect(readFileSync(file, "utf8").split(from), `${name}: ${file}`).toHaveLength(2);
    expect(from).not.toBe(to);
  }
});
