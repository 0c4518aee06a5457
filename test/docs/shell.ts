import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { onTestFinished } from "vitest";

/** A shell as a new user has it: with the Node that the machine has, and no AWS settings. Ends after the test. */
export class Shell {
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
