import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isPlatformInstalled } from "../../../../stacks/blueprint/install-platform.ts";
import { platformOf } from "../../../../stacks/blueprint/places.ts";
import { faults as retirementFaults } from "../../../retirement/histories/planted/faults.ts";
import { linkPlatform } from "../link-platform.ts";
import { faults } from "./faults.ts";
import { plant } from "./plant.ts";
import { wronglySkipped } from "./quick-tests.ts";

const [fault] = faults;
if (!fault) throw new Error("The list of faults is empty.");

const listed = (cwd: string): string[] =>
  execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd, encoding: "utf8" })
    .split("\0")
    .filter((file) => existsSync(join(cwd, file)))
    .toSorted();

test("a planted copy has what the tree has: git's files, SST's platform, the data beside it; it is removed as a whole", () => {
  const before = listed(".");
  let folder: string;
  {
    using planted = plant(fault);
    folder = planted.folder;

    expect(listed(folder)).toEqual(before);
    expect(readFileSync(join(folder, fault.file), "utf8")).not.toBe(readFileSync(fault.file, "utf8"));
    expect(isPlatformInstalled(folder)).toBe(isPlatformInstalled(resolve(".")));
    expect(existsSync(join(folder, "../shared"))).toBe(existsSync("../shared"));
  }
  expect(existsSync(join(folder, ".."))).toBe(false);
});

test("the text that each fault replaces occurs once in its file", () => {
  const all = [
    ...faults.map(({ name, file, from }) => ({ name, file, from })),
    ...retirementFaults.flatMap(({ name, replaced }) => replaced.map(({ file, from }) => ({ name, file, from }))),
  ];

  const found = all.map((one) => ({ ...one, times: readFileSync(one.file, "utf8").split(one.from).length - 1 }));

  expect(found.filter(({ times }) => times !== 1)).toEqual([]);
});

test("what is evaluated in a copy is not written to the tree's platform", { tags: "needs/sst-platform" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "amint-platform-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  linkPlatform(resolve("."), folder);

  writeFileSync(join(platformOf(folder), "amint-evaluator-copy.mjs"), "");

  expect(existsSync(join(platformOf("."), "amint-evaluator-copy.mjs"))).toBe(false);
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
