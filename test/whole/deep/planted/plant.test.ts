import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isPlatformInstalled } from "../../../../stacks/blueprint/install-platform.ts";
import { platformOf } from "../../../../stacks/blueprint/places.ts";
import { faults } from "./faults.ts";
import { plant } from "./plant.ts";
import { wronglySkipped } from "./quick-tests.ts";

const [fault] = faults;
if (!fault) throw new Error("The list of faults is empty.");

test("a planted copy has SST's platform, and what is evaluated in it stays in it", {
  tags: "needs/sst-platform",
}, () => {
  const before = readdirSync(platformOf("."));
  using planted = plant(fault);

  writeFileSync(join(platformOf(planted.folder), "amint-evaluator-planted.mjs"), "");

  expect(isPlatformInstalled(planted.folder)).toBe(true);
  expect(readdirSync(platformOf("."))).toEqual(before);
});

test("a planted copy has the recorded data beside it, if the tree has, and is removed with it", () => {
  let folder: string;
  {
    using planted = plant(fault);
    folder = planted.folder;

    expect(existsSync(join(folder, "../shared"))).toBe(existsSync("../shared"));
  }
  expect(existsSync(join(folder, ".."))).toBe(false);
});

test("a test that is skipped in the copy although the machine has what it needs is found", () => {
  const missing = new Map([["terraform", "not installed"]] as const);
  const skipped = (fullName: string, ...tags: string[]) => ({ fullName, status: "skipped", tags });

  const found = wronglySkipped(
    [
      skipped("platform", "needs/sst-platform"),
      skipped("both", "needs/sst-platform", "needs/terraform"),
      skipped("terraform", "needs/terraform"),
      skipped("deep", "needs/sst-platform", "deep"),
      skipped("after the first failure"),
      { fullName: "ran", status: "passed", tags: ["needs/sst-platform"] },
    ],
    missing,
  );

  expect(found).toEqual(["platform"]);
});
