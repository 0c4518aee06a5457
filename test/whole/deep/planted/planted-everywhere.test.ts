// @module-tag deep
import { expect, test } from "vitest";
import { faults } from "./faults.ts";
import { plant } from "./plant.ts";
import { runQuickTests } from "./quick-tests.ts";

test.each(faults)("npm test fails if $name", { timeout: 1_800_000 }, async (fault) => {
  using planted = plant(fault);

  const failed = await runQuickTests(planted.folder, []);

  expect(failed).not.toEqual([]);
});
