import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { benchmarks } from "../../bench/run/table.ts";
import { importsOf, type SourceFile, sourceFiles } from "./source-files.ts";
import { findWords, kept } from "./wording.ts";

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

const sources = new Map(sourceFiles().map((file) => [file.path, file]));

/** A file, and the files of ours that it imports, directly or not. */
function reachedFrom(file: string, reached = new Map<string, SourceFile>()): Map<string, SourceFile> {
  const source = sources.get(file);
  if (!source || reached.has(file)) return reached;
  reached.set(file, source);
  for (const { target, ours } of importsOf(source)) if (ours) reachedFrom(target, reached);
  return reached;
}

/** Whether some input, or what is done, depends on `--short`. Reading the argument is not enough. */
const usesShort = ({ path, lines }: SourceFile): boolean =>
  /(^|\/)bench\//.test(path) &&
  !path.startsWith("bench/measure/") &&
  lines.some((line) => /\bsized\(|\bisShort\b/.test(line) && !/^(import|const isShort =)/.test(line));

test("npm run bench lists every file directly in a bench folder, but for the command itself", () => {
  const files = [...sources.keys()].filter((path) => /^(packages\/[\w-]+\/)?bench\/[\w-]+\.ts$/.test(path));

  const listed = Object.values(benchmarks).map(({ file }) => file);

  expect(listed.toSorted()).toEqual(files.filter((path) => path !== "bench/run.ts").toSorted());
});

test("every benchmark has a short form", () => {
  const without = Object.entries(benchmarks).filter(([, { file }]) => {
    const reached = [...reachedFrom(file).values()];
    return (
      !reached.some(({ lines }) => lines.join("\n").includes('process.argv.includes("--short")')) ||
      !reached.some(usesShort)
    );
  });

  expect(without.map(([name]) => name)).toEqual([]);
});

test("CI runs the short forms of all benchmarks", () => {
  expect(readFileSync(".ci/run", "utf8")).toMatch(/^step bench npm run bench -- --short$/m);
});

test("every line uses the terms of the glossary; `node test/architecture/wording.ts` says what to write instead", () => {
  expect(findWords()).toEqual([]);
});

test("at most twenty lines keep a listed word, each for a reason and each still there", () => {
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(kept.filter(({ why }) => why.length < 10)).toEqual([]);
  expect(kept.filter((one) => !findWords([one.file], []).some(({ text }) => text.includes(one.text)))).toEqual([]);
});
