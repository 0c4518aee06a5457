// @module-tag deep
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyOfCheckout } from "../world/checkout-with.ts";

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** As a user's shell starts it: with the Node that the machine has, not the one that the tests run on. */
function run(command: string, args: readonly string[], cwd: string): Ended {
  const PATH = (process.env.PATH ?? "")
    .split(":")
    .filter((folder) => !folder.includes("node_modules"))
    .join(":");
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE|VITEST|AWS_)/.test(name));
  const env = { ...Object.fromEntries(kept), PATH };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  return { code: status, said: `${stdout}${stderr}${error?.message ?? ""}` };
}

/** The packages as `npm pack` makes them, of a copy: packing changes package.json while it runs. */
async function pack(destination: string): Promise<void> {
  const copy = await copyOfCheckout(["cli", "local", "packages", "tsconfig.json", "README.md", "LICENSE"]);
  for (const folder of [".", "packages/component-runner", "packages/embedded-aws", "packages/create-amint"]) {
    // Its prepack script runs on Node 24, which a user's machine need not have.
    const { status, stderr } = spawnSync("npm", ["pack", "--pack-destination", destination], {
      cwd: join(copy, folder),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`npm pack failed in ${folder}:\n${stderr}`);
  }
}

test("from tarballs: create, install, validate, try, and the repository's blueprint for the same config", async () => {
  const folder = await mkdtemp(join(tmpdir(), "amint-user-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await pack(folder);
  const project = join(folder, "my-factory");
  const creator = join(folder, "create-amint-0.1.0.tgz");

  const create = ["exec", "--yes", `--package=${creator}`, "--", "create-amint", project, "--yes", "--amint", folder];
  expect(run("npm", create, folder)).toMatchObject({ code: 0, said: expect.stringContaining("npx amint try") });
  expect(run("npm", ["install"], project)).toMatchObject({ code: 0 });
  expect(run("npx", ["amint", "validate"], project)).toMatchObject({
    code: 0,
    said: expect.stringContaining("Offline half run"),
  });
  expect(run("npx", ["amint", "blueprint"], project)).toMatchObject({ code: 0 });
  expect(run("npx", ["amint", "blueprint", "--check"], project)).toMatchObject({ code: 0 });
  expect(run("npx", ["amint", "try", "--days", "8"], project)).toMatchObject({ code: 0 });

  await cp("factory.config.ts", join(project, "factory.config.ts"));
  await cp("images", join(project, "images"), { recursive: true });
  expect(run("npx", ["amint", "blueprint"], project)).toMatchObject({ code: 0 });
  expect(await readFile(join(project, "blueprint.json"), "utf8")).toBe(
    await readFile(resolve("blueprint.json"), "utf8"),
  );

  const old = run("node", ["node_modules/amint/dist/cli/command/amint.mjs", "validate"], project);
  if (spawnSync("node", ["--version"], { encoding: "utf8" }).stdout.startsWith("v20.")) {
    expect(old).toEqual({
      code: 1,
      said: expect.stringMatching(/^amint: Node 24 or newer is required, found v20.*\n$/),
    });
  }
});
