import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { benchmarks } from "../../bench/run/table.ts";
import { importsOf, type SourceFile, sourceFiles } from "./source-files.ts";

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
