// @module-tag deep
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MACHINE } from "./command/command.ts";

const run = promisify(execFile);
const SLOW = 300_000;
const SAMPLES = resolve("../shared/conformance/components");
const PACKAGE = resolve(import.meta.dirname, "..");
let folder: string;

/** The package as `npm pack` makes it, in an empty folder. Packing changes package.json: so of a copy. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runner-package-"));
  const copy = join(folder, "packages/component-runner");
  await mkdir(join(folder, "packages"));
  await cp(PACKAGE, copy, { recursive: true });
  await cp("packages/pack.mjs", join(folder, "packages/pack.mjs"));
  await cp("tsconfig.json", join(folder, "tsconfig.json"));
  await symlink(resolve("node_modules"), join(folder, "packages/node_modules"));
  await run("npm", ["pack", "--pack-destination", folder], { cwd: copy });
  await rm(join(folder, "packages"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }));
}, SLOW);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command of a shell there. @throws with its output, if it fails */
const shell = (command: string) => run("bash", ["--norc", "-euc", command], { cwd: folder });

/** @returns the exit code, and what it printed */
const ended = (command: string) =>
  shell(command).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: String(stdout) + stderr }),
  );

test("README's first commands work as they are written, from the tarball", { timeout: SLOW }, async () => {
  const [start = ""] = (await readFile(join(PACKAGE, "README.md"), "utf8")).split("## Commands");
  const blocks = (language: string) => [...start.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))];
  const [[, document = ""] = []] = blocks("yaml");
  await writeFile(join(folder, "greeter.yaml"), document);
  const commands = blocks("sh").flatMap(([, code = ""]) => code.trim().split("\n"));

  // Not on npm's registry yet.
  expect(commands.shift()).toBe("npm install component-runner");
  await shell("npm install --ignore-scripts ./component-runner-0.1.0.tgz");

  expect(await shell(commands.shift() ?? "")).toMatchObject({ stdout: "No faults found.\n" });
  expect(commands).toEqual([
    expect.stringMatching(/^sudo apt-get install (?:[a-z0-9]+ ?)+$/),
    "sudo npx component-runner test greeter.yaml --parameter Greeting=bye --junit report.xml",
  ]);
});

test("README's document runs from the tarball as the README shows it", {
  timeout: SLOW,
  tags: "needs/namespaces",
}, async () => {
  const page = await readFile(join(PACKAGE, "README.md"), "utf8");
  const [command = ""] = /(?<=^sudo )npx component-runner test .*$/m.exec(page) ?? [];
  const [, output = ""] = /The end of the output:\n\n```\n([\s\S]*?)```/.exec(page) ?? [];
  const timeless = (text: string) => text.replaceAll(/\d+\.\d s/g, "T");

  const { stdout } = await shell(command);

  expect(output).not.toBe("");
  expect(timeless(stdout)).toContain(timeless(output));
  expect(await readFile(join(folder, "report.xml"), "utf8")).toContain('<testcase name="test.Greets"');
});

test("AWS's sample documents have no faults", { timeout: SLOW, tags: "needs/shared-components" }, async () => {
  expect(await shell(`npx component-runner check ${SAMPLES}/*.y*ml`)).toMatchObject({ stdout: "No faults found.\n" });
});

test("AWS's sample documents run, as far as a Debian goes: they are for Amazon Linux", {
  timeout: SLOW,
  tags: ["needs/shared-components", "needs/namespaces"],
}, async () => {
  const wordpress = await ended(`npx component-runner run ${SAMPLES}/*install_wordpress.yml`);
  const ansible = await ended(`npx component-runner run ${SAMPLES}/*ansible-playbook*.yml`);

  expect(wordpress).toMatchObject({ code: 1, said: expect.stringContaining("yum: command not found") });
  expect(ansible).toMatchObject({ code: 1, said: expect.stringContaining("amazon-linux-extras: command not found") });
});

test("programs import its entry points, with types", { timeout: SLOW }, async () => {
  const program = `import { checkToeDocument } from "component-runner/documents";
    import { backends } from "component-runner";
    console.log(checkToeDocument("schemaVersion: 1.0", "Linux").faults.length, backends.length);`;
  await writeFile(join(folder, "program.mjs"), program);
  const { exports } = JSON.parse(await readFile(join(folder, "node_modules/component-runner/package.json"), "utf8"));

  expect(await run(process.execPath, ["program.mjs"], { cwd: folder })).toMatchObject({ stdout: "1 5\n" });
  for (const { types } of Object.values<{ types: string }>(exports)) {
    expect(await readFile(join(folder, "node_modules/component-runner", types), "utf8")).toContain("export");
  }
});

test("an older Node is named, with the version that is needed", { tags: "needs/older-node" }, async () => {
  const { code, said } = await ended(`PATH="${MACHINE}" npx component-runner check greeter.yaml`);

  expect(code).toBe(1);
  expect(said).toMatch(/^component-runner: needs Node\.js 24 or later, and this is v/);
});
