import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { offlineHalf } from "../../cli/factory/offline-half.ts";
import root from "../../package.json" with { type: "json" };
import { architectures, defaults, faultOf, systems } from "../../packages/create-amint/src/answers.ts";
import { packagesFrom } from "../../packages/create-amint/src/packages-from.ts";
import { writeProject } from "../../packages/create-amint/src/write-project.ts";

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "amint-created-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test.each(systems.flatMap((os) => architectures.map((architecture) => ({ os, architecture }))))(
  "a new factory of $os for $architecture is valid",
  async (chosen) => {
    const folder = join(await emptyFolder(), "my-factory");

    writeProject(folder, { ...defaults, ...chosen, name: "my-factory" }, { amint: "0.1.0" });
    await mkdir(join(folder, "node_modules"));
    await symlink(resolve("."), join(folder, "node_modules/amint"));
    const { factory, findings } = await offlineHalf(join(folder, "factory.config.ts"), new Date("2026-04-01"));

    expect(findings).toEqual([]);
    expect(Object.keys(factory?.images ?? {})).toEqual([`${chosen.os}-base`]);
    expect(await readFile(join(folder, ".gitignore"), "utf8")).toContain("node_modules/");
  },
);

test("a new project installs what Amint is tested with", async () => {
  const folder = await emptyFolder();

  writeProject(folder, { ...defaults, name: "my-factory" }, { amint: "^0.1.0" });
  const { dependencies, allowScripts } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));

  expect(dependencies).toEqual({ amint: "^0.1.0", node: root.dependencies.node, sst: root.peerDependencies.sst });
  expect(allowScripts).toEqual(root.allowScripts);
});

test("a folder with something in it is left as it is", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "kept.txt"), "");

  expect(() => writeProject(folder, { ...defaults, name: "my-factory" }, {})).toThrow(`${folder} is not empty`);
});

test("packages come from a version, or from a folder of tarballs", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "amint-0.1.0.tgz"), "");

  expect(packagesFrom("^0.1.0", join(folder, "my-factory"))).toEqual({ amint: "^0.1.0" });
  await writeFile(join(folder, "component-runner-0.1.0.tgz"), "");
  expect(() => packagesFrom(folder, join(folder, "my-factory"))).toThrow("has no tarball of embedded-aws");
  await writeFile(join(folder, "embedded-aws-0.1.0.tgz"), "");
  expect(packagesFrom(folder, join(folder, "my-factory"))).toEqual({
    amint: "file:../amint-0.1.0.tgz",
    "component-runner": "file:../component-runner-0.1.0.tgz",
    "embedded-aws": "file:../embedded-aws-0.1.0.tgz",
  });
});

test.each([
  [
    "name",
    "My Factory",
    'lower-case letters, digits and single hyphens, beginning with a letter, at most 40 characters, found "My',
  ],
  ["region", "eu-west", 'an AWS region such as "eu-west-1", found "eu-west"'],
  ["organization", "example", 'an organization id such as "o-exampleorgid", found "example"'],
  ["managementAccount", "1234", 'a 12-digit account id, found "1234"'],
] as const)("an answer is refused with what would be valid: %s %s", (rule, value, expected) => {
  expect(faultOf(rule, value)).toContain(expected);
});
