// @module-tag deep
import { expect, test } from "vitest";
import { capabilities } from "../capabilities.ts";
import { faults } from "./faults.ts";
import { plant } from "./plant.ts";
import { runQuickTests } from "./quick-tests.ts";

test.each(faults)("the tests of $capability in npm test fail if $name", async (fault) => {
  using planted = plant(fault);

  // One file after the other, the fastest first: the first that fails is enough.
  const failed: string[] = [];
  for (const file of capabilities[fault.capability]) {
    if (failed.length === 0) failed.push(...(await runQuickTests(planted.folder, [file])));
  }

  expect(failed).not.toEqual([]);
});
