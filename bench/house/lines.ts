import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Layers whose files are the product. */
const PRODUCT = ["events", "core", "adapters", "functions", "stacks", "cli", "local", "demo"];

const PACKAGES = ["packages/embedded-aws", "packages/component-runner", "packages/create-amint"];

const isWithin = (folder: string) => (file: string) => file.startsWith(`${folder}/`);

const isTest = (file: string): boolean => /^(test|packages\/[^/]+\/test)\//.test(file);

/** By layer: whether a file belongs to it. A package's tests are tests. */
const layers: Readonly<Record<string, (file: string) => boolean>> = {
  ...Object.fromEntries(PRODUCT.map((layer) => [layer, isWithin(layer)])),
  product: (file) => PRODUCT.some((layer) => isWithin(layer)(file)),
  ...Object.fromEntries(PACKAGES.map((layer) => [layer, (file: string) => isWithin(layer)(file) && !isTest(file)])),
  tests: isTest,
};

/** Files of a revision or, of the present tree, that git has or would add: a new file counts before it is added. */
export function committedFiles(root: string, revision?: string): string[] {
  const listing = revision
    ? ["ls-tree", "-r", "--name-only", revision]
    : ["ls-files", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", listing, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
  // git lists a file in conflict several times.
  return [...new Set(listed.split("\n"))];
}

const countLines = (file: string): number => readFileSync(file, "utf8").split("\n").length - 1;

/**
 * Lines of `.ts` and `.mjs` files by layer, comments and empty lines included. `product` is the sum of the layers above it.
 * @param files from the root; those that do not exist there have no lines
 */
export function linesByLayer(root: string, files: readonly string[]): Record<string, number> {
  const counted = files.filter((file) => /\.(ts|mjs)$/.test(file) && existsSync(join(root, file)));
  const lines = new Map(counted.map((file) => [file, countLines(join(root, file))]));
  return Object.fromEntries(
    Object.entries(layers).map(([layer, holds]) => [
      layer,
      [...lines].reduce((sum, [file, count]) => (holds(file) ? sum + count : sum), 0),
    ]),
  );
}
