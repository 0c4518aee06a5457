import { expect, test } from "vitest";
import { findWords, kept } from "./wording.ts";

test("every line uses the terms of the glossary; `node test/architecture/wording.ts` says what to write instead", () => {
  expect(findWords()).toEqual([]);
});

test("at most twenty lines keep a listed word, each for a reason and each still there", () => {
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(kept.filter(({ why }) => why.length < 10)).toEqual([]);
  expect(kept.filter((one) => !findWords([one.file], []).some(({ text }) => text.includes(one.text)))).toEqual([]);
});
