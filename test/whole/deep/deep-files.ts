import { globSync, readFileSync } from "node:fs";

/** Every test file, from the repository's root. */
const testFiles = (): string[] =>
  globSync("{test,packages/*/test}/**/*.test.ts")
    .map((path) => path.replaceAll("\\", "/"))
    .sort();

/** The tag `deep` of a whole file, as Vitest reads it: `npm test` does not load these files. */
const OF_FILE = /^\/\/ @module-tag deep$/m;
/** The tag `deep` of a test or of a `describe`. */
const OF_TEST = /\btags: \[?"deep"/;

const tagged = (tag: RegExp): string[] => testFiles().filter((path) => tag.test(readFileSync(path, "utf8")));

/** Files that `npm test` skips completely. */
export const wholeDeepFiles = (): string[] => tagged(OF_FILE);

/** Files that `npm test` skips completely or in part. */
export const deepFiles = (): string[] => [...wholeDeepFiles(), ...tagged(OF_TEST)].sort();
