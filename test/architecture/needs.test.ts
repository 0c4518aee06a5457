import { globSync, readFileSync } from "node:fs";
import { backends } from "component-runner";
import { expect, test } from "vitest";
import { scripts } from "../../cli/command/completion/completion.ts";
import { needNames } from "../world/needs/needs.ts";
import { describeMissing } from "../world/needs/report.ts";

const files = globSync(["test/**/*.ts", "packages/*/test/**/*.ts"]).filter((path) => !path.endsWith("needs.test.ts"));
const sources = files.map((path) => ({ path, text: readFileSync(path, "utf8") }));

test("no test decides by itself whether it is skipped: it declares its needs by tags", () => {
  const deciding = sources.filter(({ text }) =>
    /\.(?:skipIf|runIf|skip|todo)\(|\(\{[^)]*\bskip\b[^)]*\}\) =>/.test(text),
  );

  expect(deciding.map(({ path }) => path)).toEqual([]);
});

test("every need is one of a test", () => {
  const all = sources.map(({ text }) => text).join("\n");
  // Their tests name them as `needs/${name}`.
  const named = new Set<string>([...backends.map(({ name }) => name), ...Object.keys(scripts)]);

  expect(needNames.filter((need) => !named.has(need) && !all.includes(`needs/${need}`))).toEqual([]);
});

test("the report names what is missing, what it cost and what installs it; a test with two needs counts once", () => {
  const lines = describeMissing(
    [
      { need: "rpm", reason: "not installed", tests: 2 },
      { need: "docker", reason: "no answer", tests: 7 },
      { need: "xz", reason: "not installed", tests: 0 },
      { need: "gpg", reason: "not installed", tests: 3 },
    ],
    11,
  );

  expect(lines).toEqual([
    "11 test(s) skipped: this machine lacks what they need.",
    "     7  the backend docker with the image debian:12 (no answer): start a Docker engine, and docker pull debian:12",
    "     3  gpg (not installed): apt-get install gpg gpg-agent",
    "     2  rpm 4.14 (not installed): apt-get install rpm",
    "All of Debian's packages: apt-get install gpg gpg-agent rpm",
  ]);
});

test("the report is empty if nothing was skipped", () => {
  expect(describeMissing([{ need: "xz", reason: "not installed", tests: 0 }], 0)).toEqual([]);
});
