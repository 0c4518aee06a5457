// @module-tag deep
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { linkPackages } from "../whole/deep/link-packages.ts";
import { readPage } from "./markdown.ts";
import { Shell } from "./shell.ts";
import { stepsOf } from "./steps.ts";

/** Follows a page. @returns what each of its blocks printed */
async function follow(page: string, shell: Shell, project: string): Promise<string> {
  const printed: string[] = [];
  let current = shell;
  for (const step of stepsOf(readPage(page))) {
    if (step.kind === "run") printed.push(await current.run(step.commands));
    else if (step.kind === "save") await writeFile(join(project, step.path), step.text);
    else if (step.kind === "start") {
      current.start(step.commands);
      await current.until(step.until);
      current = new Shell(project);
    } else {
      const config = join(project, "factory.config.ts");
      const before = await readFile(config, "utf8");
      await writeFile(config, before.replace(`  ${step.key}: {\n`, `  ${step.key}: {\n${step.text}`));
    }
  }
  return printed.join("\n");
}

test("a new user follows README and docs/getting-started.md, from an empty folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "amint-first-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const shell = new Shell(folder);
  await shell.run(`git clone --quiet ${resolve(".")} amint && cd amint`);
  // As `npm start`, which is left out here, would have installed them.
  linkPackages(join(folder, "amint"));

  const project = join(folder, "my-factory");
  const first = await follow("README.md", shell, project);
  const second = await follow("docs/getting-started.md", shell, project);

  expect(first).toContain("Instances are simulated");
  expect(second).toContain("No problems found.");
  expect(second).toMatch(/candidate points at \d+\.\d+\.\d+\/\d+/);

  // The same config gives the same blueprint as in the checkout.
  await cp("factory.config.ts", join(project, "factory.config.ts"));
  await cp("images", join(project, "images"), { recursive: true });
  const own = new Shell(project);
  await own.run("npx amint blueprint && npx amint blueprint --check");
  expect(await readFile(join(project, "blueprint.json"), "utf8")).toBe(await readFile("blueprint.json", "utf8"));
  const old = await own.run("node --version; node node_modules/amint/dist/cli/command/amint.mjs validate || true");
  if (old.startsWith("v20.")) expect(old).toMatch(/^v20.*\namint: Node 24 or newer is required, found v20.*\n$/);
});
