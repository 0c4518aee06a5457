import * as fc from "fast-check";
import { expect, test } from "vitest";
import { printFailure, printFound, printJson, say } from "../../cli/command/print.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { hostileText } from "./hostile-values.ts";
import { pages } from "./pages.ts";

/** Each value has several texts: 10,000 of them go through every page. */
const { runs: numRuns, seed } = sizeOf({ quick: 20, deep: 2_500 });

/** Runs something with the two streams of the process listened to. */
function printed(print: () => void): string {
  let written = "";
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  stdout.write = stderr.write = (chunk: string | Uint8Array) => {
    written += String(chunk);
    return true;
  };
  try {
    print();
  } finally {
    [stdout.write, stderr.write] = writes;
  }
  return written;
}

/** Controls and format characters; styles are left out where no terminal reads. */
const UNSEEN = /(?!\n)\p{Cc}|(?![\u200c\u200d])\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u;

function holds(page: string): void {
  expect(page).not.toMatch(UNSEEN);
  expect(page).not.toMatch(/^FORGED/m);
}

test.for(pages)("whatever $name finds, its page steers no terminal and has no line of others", ({ found, draw }) =>
  fc.assert(
    fc.property(found, (one) => {
      holds(printed(() => printFound(one, draw)));
      const json = printed(() => printJson(one));
      expect(json.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(one)));
    }),
    { numRuns, seed },
  ),
);

test("whatever a sentence or an error names, it steers no terminal", () =>
  fc.assert(
    fc.property(hostileText, hostileText, (one, other) => {
      const sentence = printed(() => say`${one} is held until ${other}`);
      const failure = printed(() => printFailure(`${one}\n  - ${other}`));
      holds(`${sentence}${failure}`);
      expect(sentence.split("\n")).toHaveLength(2);
      for (const line of failure.trimEnd().split("\n").slice(1)) expect(line).toMatch(/^ |^$/);
    }),
    { numRuns: numRuns * 4, seed },
  ));
