import { expect, test } from "vitest";
import { findWords, kept } from "./wording.ts";

/** Lines found when the list was made; it only goes down. */
const LEFT = 2_765;

test("new lines use the terms of the glossary; `node test/architecture/wording.ts` lists those that do not", () => {
  expect(findWords().length).toBeLessThanOrEqual(LEFT);
});

test("at most twenty lines keep a listed word, each for a reason", () => {
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(kept.filter(({ why }) => why.length < 10)).toEqual([]);
});
