import { expect, test } from "vitest";
import { withTable } from "../../src/command/operations.ts";

test("the README's table of operations is what the code answers; `npx embedded-aws operations --write` refreshes it", async () => {
  const { written, current } = await withTable();

  expect(written).toBe(current);
});
