import { expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

const files = sourceFiles();

test("no source file is longer than 300 lines", () => {
  expect(
    files.filter(({ lines }) => lines.length > 301).map(({ path, lines }) => `${path}: ${lines.length - 1}`),
  ).toEqual([]);
});

test("file names are kebab-case", () => {
  const named = /^([a-z0-9]+(-[a-z0-9]+)*)(\.(test|config|d))*\.(ts|tsx|mjs)$/;
  const vague = /^(utils?|helpers?|common|manager|misc|index)\./;
  const names = files.map(({ path }) => ({ path, name: path.slice(path.lastIndexOf("/") + 1) }));
  expect(names.filter(({ name }) => !named.test(name) || vague.test(name)).map(({ path }) => path)).toEqual([]);
});
