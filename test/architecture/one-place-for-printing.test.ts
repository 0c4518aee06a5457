import { expect, test } from "vitest";
import { sourceFiles } from "./source-files.ts";

/** It makes foreign text safe before a terminal sees it. */
const PLACE = "cli/command/print.ts";
/** Says that Node is too old, where an older Node cannot load the place. */
const ENTRY = "cli/command/amint.mjs";

const WRITING = /\bprocess\.std(out|err)\.write\b|\bconsole\.\w+\(/;

test("commands print in one place, which makes foreign text safe", () => {
  const elsewhere = sourceFiles()
    .filter(({ path }) => /^(cli|demo)\//.test(path) && path !== PLACE && path !== ENTRY)
    .flatMap(({ path, lines }) =>
      lines.flatMap((line, n) =>
        WRITING.test(line) ? [`${path}:${n + 1}: use printFound, printJson or say of ${PLACE}`] : [],
      ),
    );

  expect(elsewhere).toEqual([]);
});
