import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { collectTitles } from "./collect-titles.ts";
import { lostTitles } from "./lost-titles.ts";

const titles = (...names: string[]) => names.map((name) => ({ name, file: "test/a.test.ts" }));
const why = "one file in place of two";

test("a title that is gone is lost, and one that moved to another file is not", () => {
  const moved = [{ name: "stays", file: "test/b.test.ts" }];

  expect(lostTitles(titles("stays", "goes"), moved, []).lost).toEqual(titles("goes"));
});

test("of two tests with one title, one that is gone is lost", () => {
  expect(lostTitles(titles("twice", "twice"), titles("twice"), []).lost).toEqual(titles("twice"));
});

test("a missing title is not lost if its replacement exists", () => {
  const replaced = [{ before: "5 (pairs|texts) are read", after: "$1 are read", why }];

  expect(lostTitles(titles("5 pairs are read"), titles("pairs are read"), replaced)).toEqual({ lost: [], useless: [] });
  expect(lostTitles(titles("5 texts are read"), titles("pairs are read"), replaced).lost).toHaveLength(1);
});

test("a replacement counts for whole titles only, and one that replaces nothing is named", () => {
  const replaced = [{ before: "pairs", after: "texts", why }];

  const { lost, useless } = lostTitles(titles("5 pairs"), titles("texts"), replaced);

  expect(lost).toEqual(titles("5 pairs"));
  expect(useless).toEqual(replaced);
});

test("tests that the machine skips, because it lacks what they need, have titles", () => {
  // Vitest finds its modules from here.
  const folder = mkdtempSync(join(resolve("node_modules/.cache"), "titles-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = { test: { tags: [{ name: "needs/moon", skip: true }] } };
  writeFileSync(join(folder, "vitest.config.ts"), `export default ${JSON.stringify(config)};\n`);
  const tests = `import { describe, test } from "vitest";
test("runs", () => {});
describe("of two sizes", { tags: "needs/moon" }, () => {
  for (const size of [1, 2]) test(\`skipped: \${size}\`, () => {});
});
`;
  writeFileSync(join(folder, "some.test.ts"), tests);

  expect(collectTitles(folder)).toEqual(
    ["runs", "of two sizes > skipped: 1", "of two sizes > skipped: 2"].map((name) => ({ name, file: "some.test.ts" })),
  );
});
