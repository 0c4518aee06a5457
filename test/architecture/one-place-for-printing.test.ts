import { expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

/** It makes foreign text safe before a terminal sees it. */
const PLACE = "cli/command/print.ts";
/** Reports a Node that is too old to load that file. */
const ENTRY = "cli/command/amint.mjs";

const WRITING = /\bprocess\.std(out|err)\.write\b|\bconsole\.\w+\(/;

test("commands colour their output in one place, which honours NO_COLOR, FORCE_COLOR and --no-color", () => {
  const elsewhere = sourceFiles()
    .filter(
      ({ path, lines }) =>
        /^(cli|local|demo)\//.test(path) &&
        path !== PLACE &&
        lines.some((line) => /\bstyleText\b|\\x1b\[\d/i.test(line)),
    )
    .map(({ path }) => `${path}: use styled of ${PLACE}`);

  expect(elsewhere).toEqual([]);
});

test("commands print in one place, which makes foreign text safe", () => {
  const elsewhere = sourceFiles()
    .filter(({ path }) => /^(cli|local|demo)\//.test(path) && path !== PLACE && path !== ENTRY)
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, n) =>
        WRITING.test(line) ? [`${path}:${n + 1}: use printFound, printJson or say of ${PLACE}`] : [],
      ),
    );

  expect(elsewhere).toEqual([]);
});
