import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

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
