// @module-tag deep

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { linkPackages } from "../whole/deep/link-packages.ts";
import { readPage } from "./markdown.ts";
import { stepsOf } from "./steps.ts";

/** A shell as a new user has it: with the Node that the machine has, and no AWS settings. Ends after the test. */
class Shell {
  readonly #shell: ChildProcess;
  #said = "";

  constructor(cwd: string) {
    const PATH = (process.env.PATH ?? "")
      .split(":")
      .filter((folder) => !folder.includes("node_modules"))
      .join(":");
    const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE|VITEST|AWS_|CI$)/.test(name));
    // A group of its own: ending it ends what it started.
    this.#shell = spawn("bash", [], { cwd, env: { ...Object.fromEntries(kept), PATH }, detached: true });
    for (const stream of [this.#shell.stdout, this.#shell.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said += text;
      });
    }
    onTestFinished(() => this.end());
  }

  /** @returns what the commands printed. @throws Error where one failed, with what was printed */
  async run(commands: string): Promise<string> {
    const from = this.#said.length;
    this.#shell.stdin?.write(`set -e\n${commands}\nset +e; echo "[done $?]"\n`);
    await this.until("[done 0]", from);
    return this.#said.slice(from).replace("[done 0]\n", "");
  }

  start(command: string): void {
    this.#shell.stdin?.write(`${command}\n`);
  }

  /** Waits for a text after a position in the output. @throws Error where the shell ends before */
  async until(text: string, from = 0): Promise<void> {
    while (!this.#said.includes(text, from)) {
      if (this.#hasEnded()) throw new Error(`The shell ended:\n${this.#said.slice(from)}`);
      await setTimeout(200);
    }
  }

  async end(): Promise<void> {
    const { pid } = this.#shell;
    if (this.#hasEnded() || pid === undefined) return;
    process.kill(-pid, "SIGINT");
    this.#shell.stdin?.end();
    const ended = once(this.#shell, "exit");
    await Promise.race([ended, setTimeout(10_000, undefined, { ref: false })]);
    if (!this.#hasEnded()) process.kill(-pid, "SIGKILL");
  }

  #hasEnded(): boolean {
    return this.#shell.exitCode !== null || this.#shell.signalCode !== null;
  }
}

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
