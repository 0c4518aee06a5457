import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentPath, operationsTable, replaceTable } from "../../../cli/local/local.ts";

test("the document's table of operations is what the code answers; `npx amint local operations --write` refreshes it", async () => {
  const document = readFileSync(documentPath, "utf8");

  const current = replaceTable(document, await operationsTable());

  expect(document).toBe(current);
});
