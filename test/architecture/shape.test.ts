import { readdirSync, readFileSync } from "node:fs";
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

const page = readFileSync("docs/architecture.md", "utf8");

/** The rows of the table under a heading, as their cells. */
function rowsUnder(heading: string): string[][] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const lines = section.split("\n## ")[0]?.split("\n") ?? [];
  return lines
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const quoted = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

const nouns = rowsUnder("Nouns").flatMap(([noun]) => quoted(noun));
const layers = rowsUnder("Layers").flatMap(([layer]) => quoted(layer));
/** A layer's entries besides the nouns. */
const exceptions = Map.groupBy(rowsUnder("Beside the nouns"), ([layer]) => quoted(layer)[0] ?? "");

const besideNouns = (layer: string): string[] => (exceptions.get(layer) ?? []).flatMap(([, names]) => quoted(names));

/** `build.ts`, `build.test.ts` and `build/` are all `build`. */
const stem = (entry: string): string => entry.replace(/\..*$/, "");

test("the page lists nouns and layers", () => {
  expect(nouns).toContain("promotion");
  expect(nouns.length).toBeGreaterThan(15);
  expect(layers).toEqual(["events", "functions", "stacks", "core", "adapters", "cli", "test"]);
});

test.each(layers)("%s consists of the nouns, and of exceptions that the page justifies", (layer) => {
  const tested = layer === "test" ? besideNouns("cli") : [];
  const known = new Set([...nouns, ...[...besideNouns(layer), ...tested].map(stem)]);

  expect(readdirSync(layer).filter((entry) => !known.has(stem(entry)))).toEqual([]);
});

test.each(layers)("%s has at most five exceptions, and each exists", (layer) => {
  const there = new Set(readdirSync(layer).map(stem));

  expect(besideNouns(layer).length).toBeLessThanOrEqual(5);
  expect(besideNouns(layer).filter((name) => !there.has(stem(name)))).toEqual([]);
});

test("every noun is a folder or file in the tree", () => {
  const there = new Set(layers.flatMap((layer) => readdirSync(layer).map(stem)));

  expect(nouns.filter((noun) => !there.has(noun))).toEqual([]);
});
