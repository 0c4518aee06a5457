// @module-tag deep
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";

/** Lines that do not run here: CI runs `npm test` in a fresh clone of its own. */
const LINES_LEFT_OUT = /^npm test\b.*\n/m;

/** Blocks that do not run here: the packages are not published, and the block of tarballs takes its place. */
const BLOCKS_LEFT_OUT = /^npm create amint@latest\b/;

interface Block {
  readonly language: string;
  readonly text: string;
  /** What an HTML comment above it says, such as `file: images/components/web.yaml`. */
  readonly mark: string | undefined;
}

async function blocksOf(page: string): Promise<Block[]> {
  const found = (await readFile(page, "utf8")).matchAll(/(?:^<!-- ([^\n]+) -->\n)?^```(\w+)\n(.*?)^```$/gms);
  return [...found].map(([, mark, language = "", text = ""]) => ({ mark, language, text }));
}

/** A shell as a new user has it: with the Node that the machine has, and no AWS settings. */
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

/** Follows a page's blocks in order; a shell in which something stays up is left, and the next block runs in a new one. */
async function follow(page: string, shell: Shell, project: string): Promise<Map<string, string>> {
  const printed = new Map<string, string>();
  let current = shell;
  for (const { language, text, mark } of await blocksOf(page)) {
    const [kind, value = ""] = mark?.split(": ") ?? [];
    if (kind === "file") await writeFile(join(project, value), text);
    else if (kind === "into") {
      const config = join(project, "factory.config.ts");
      const before = await readFile(config, "utf8");
      await writeFile(config, before.replace(`  ${value}: {\n`, `  ${value}: {\n${text}`));
    } else if (language === "sh" && kind === "background") {
      current.start(text);
      await current.until(value);
      current = new Shell(project);
    } else if (language === "sh" && !BLOCKS_LEFT_OUT.test(text)) {
      printed.set(text.split("\n", 1)[0]!, await current.run(text.replace(LINES_LEFT_OUT, "")));
    }
  }
  return printed;
}

test("a new user follows README and docs/getting-started.md, from an empty folder", { timeout: 900_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "amint-first-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const shell = new Shell(folder);
  await shell.run(`git clone --quiet ${resolve(".")} amint && cd amint`);

  const first = await follow("README.md", shell, join(folder, "my-factory"));
  const second = await follow("docs/getting-started.md", shell, join(folder, "my-factory"));

  expect([...first.values()].join("\n")).toContain("Instances are simulated");
  const shown = [...second.values()].join("\n");
  expect(shown).toContain("No problems found.");
  expect(shown).toMatch(/candidate points at \d+\.\d+\.\d+\/\d+/);
});
