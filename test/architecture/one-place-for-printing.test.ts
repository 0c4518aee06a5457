import { expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

/** They make foreign text safe before a terminal sees it: Amint's, and the component runner's. */
const PLACES = ["cli/command/print.ts", "packages/component-runner/src/command/print.ts"];
/** They report a Node that is too old to load those files. */
const ENTRIES = ["cli/command/amint.mjs", "packages/component-runner/component-runner.mjs"];
const COMMANDS = /^(cli|local|demo|packages\/component-runner\/(src\/|[^/]+$))/;

const WRITING = /\bprocess\.std(out|err)\.write\b|\bconsole\.\w+\(/;

test("commands colour their output in one place, which honours NO_COLOR, FORCE_COLOR and --no-color", () => {
  const elsewhere = sourceFiles()
    .filter(
      ({ path, lines }) =>
        COMMANDS.test(path) && !PLACES.includes(path) && lines.some((line) => /\bstyleText\b|\\x1b\[\d/i.test(line)),
    )
    .map(({ path }) => `${path}: use styled of ${PLACES[0]}`);

  expect(elsewhere).toEqual([]);
});

test("commands print in one place, which makes foreign text safe", () => {
  const elsewhere = sourceFiles()
    .filter(({ path }) => COMMANDS.test(path) && ![...PLACES, ...ENTRIES].includes(path))
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, n) =>
        WRITING.test(line) ? [`${path}:${n + 1}: use printFound or printJson of ${PLACES.join(" or ")}`] : [],
      ),
    );

  expect(elsewhere).toEqual([]);
});
