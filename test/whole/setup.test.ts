import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

/** A fresh clone of a project that needs nothing but a package `node`, which is in the clone. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), "amint-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "pinned/bin"), { recursive: true });
  writeFileSync(join(folder, "pinned/bin/node"), "");
  const node = { name: "node", version: "24.0.0" };
  writeFileSync(join(folder, "pinned/package.json"), JSON.stringify(node));
  const project = { name: "project", version: "1.0.0", dependencies: { node: "file:pinned" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(project));
  const packages = { "": project, "node_modules/node": { resolved: "pinned", link: true }, pinned: node };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ ...project, lockfileVersion: 3, packages }));
  cpSync("setup.mjs", join(folder, "setup.mjs"));
  return folder;
}

const setUp = (cwd: string) => spawnSync(process.execPath, ["setup.mjs"], { cwd, encoding: "utf8" });

test("the scripts for a fresh clone first install what is missing", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));

  for (const name of ["start", "test", "test:deep", "check", "bench", "blueprint", "reference"]) {
    expect(scripts[`pre${name}`], name).toBe("node setup.mjs");
  }
});

test("what is missing is installed once, and again when package-lock.json has changed", () => {
  const folder = clone();
  const lock = join(folder, "package-lock.json");

  const first = setUp(folder);
  const second = setUp(folder);
  const later = Date.now() / 1_000 + 60;
  utimesSync(lock, later, later);
  const third = setUp(folder);

  expect(first).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^Installing what package-lock\.json lists/),
  });
  expect(readFileSync(join(folder, "node_modules/node/bin/node"), "utf8")).toBe("");
  expect(second).toMatchObject({ status: 0, stderr: "" });
  expect(third).toMatchObject({ status: 0, stderr: expect.stringContaining("Installing") });
});

test("an installation that fails ends with npm's exit code and message", () => {
  const folder = clone();
  const dependencies = { other: "file:other" };
  mkdirSync(join(folder, "other"));
  writeFileSync(join(folder, "other/package.json"), JSON.stringify({ name: "other", version: "1.0.0" }));
  // package-lock.json does not have it. npm finds that out without a registry.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "project", version: "1.0.0", dependencies }));

  const { status, stderr } = setUp(folder);

  expect(status).toBe(1);
  expect(stderr).toContain("npm ci");
});
