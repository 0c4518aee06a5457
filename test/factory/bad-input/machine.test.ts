import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkout, start } from "../../world/running-factory.ts";
import { amintHere, like, linesOf, projectWith, withoutAws } from "./here.ts";

/** What machines lack or refuse in the first hour. */

const CLI = join(checkout, "cli/command/amint.mjs");
const FIX = "  fix: ";

const run = (args: readonly string[], env: NodeJS.ProcessEnv = { ...process.env, ...withoutAws }) =>
  start(process.execPath, args, env);

describe("a machine", () => {
  test.each(["18.20.8", "20.19.5", "22.22.0"])(
    "with Node %s gets the version that is needed, and the command that installs it",
    async (version) => {
      const faked = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
      Object.defineProperty(process, "version", { value: "v${version}" });`;
      const node = ["--import", `data:text/javascript,${encodeURIComponent(faked)}`];

      const { code, stdout, stderr } = await run([...node, CLI, "triggers"]).ended;

      expect(stderr).toBe(
        `amint: Node 24 or newer is required, found v${version}. Run \`npm install node@24\` in your project, then \`npx amint\`.\n`,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    },
  );

  test("without HOME, PATH, git and any other variable still runs commands", async () => {
    const { code, stdout, stderr } = await run([CLI, "triggers", "al2023-base"], {}).ended;

    expect(stdout).toMatch(/^al2023-base/);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test.each([
    ["its own output", ["triggers"], "> /dev/full"],
    ["a file", ["org", "setup", "--account", "111122223333", "--out", "/dev/full"], ""],
  ])("whose disk is full ends a command that writes %s with one message", async (_, argv, to) => {
    const script = `"$0" ${CLI} ${argv.join(" ")} ${to}`;

    const { code, stdout, stderr } = await start("bash", ["-c", script, process.execPath], {
      ...process.env,
      ...withoutAws,
    }).ended;

    expect(linesOf(stderr)).toEqual([
      "amint: The command's output: no space left on the device",
      `${FIX}free space there, then run the command again`,
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("with a folder that cannot be written, and one that is missing, names the path", async () => {
    const write = (out: string) => amintHere(["org", "setup", "--account", "111122223333", "--out", out]);

    // Linux lets not even root create a file in /sys.
    const [readOnly, missing] = [await write("/sys/template.yaml"), await write("/none/template.yaml")];

    const fix = `${FIX}choose a path in an existing folder to which you have access`;
    const forbidden =
      /^amint: \/sys\/template\.yaml: (permission denied|operation not permitted|the file system is read-only)$/;
    expect(linesOf(readOnly.stderr)).toEqual(like([forbidden, fix]));
    expect(linesOf(missing.stderr)).toEqual(["amint: /none/template.yaml: no such file or folder", fix]);
    expect([readOnly.code, missing.code]).toEqual([1, 1]);
  });

  test("that already runs a kept month refuses the second one at once", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;

    const { code, stdout, stderr } = await run([CLI, "month", "--keep", "--port", String(port)]).ended;

    expect(stderr).toBe(
      `amint: Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port.\n`,
    );
    expect(code).toBe(1);
    expect(stdout).not.toContain("2026-04-02");
  });

  test("that runs two months at once completes both", { tags: "deep" }, async () => {
    const ends = await Promise.all([1, 2].map(() => run([CLI, "month"]).ended));

    expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(2).fill({ code: 0, stderr: "" }));
    for (const { stdout } of ends) expect(stdout).toContain("All checks of the month hold.");
  });

  test("with a terminal of 20 columns gets whole messages", { tags: "needs/script" }, async () => {
    const command = `stty cols 20; '${process.execPath}' ${CLI} triggers al2032-base`;

    const { stdout } = await start("script", ["-qec", command, "/dev/null"], { ...process.env, ...withoutAws }).ended;

    expect(stdout).toContain('amint: The factory acme has no image "al2032-base"; it has al2023-base, ');
  });
});

test("Ctrl-C at any moment ends a command, in one line at most", async () => {
  const file = `${await projectWith({ "factory.config.ts": "setInterval(() => {}, 1000);\nawait new Promise(() => {});\n" })}factory.config.ts`;
  const ends = await Promise.all(
    [0, 40, 120, 250, 500, 1_500].map(async (ms) => {
      const command = run([CLI, "triggers", "--config", file]);
      await sleep(ms);
      command.child.kill("SIGINT");
      const from = performance.now();
      const { stdout, stderr } = await command.ended;
      return {
        stdout,
        stderr,
        by: command.child.signalCode ?? command.child.exitCode,
        slow: performance.now() - from > 10_000,
      };
    }),
  );

  const told = { stdout: "", stderr: "amint: Interrupted.\n", by: 130, slow: false };
  // Before Node runs the program, the signal itself ends it.
  const early = { stdout: "", stderr: "", by: "SIGINT", slow: false };
  for (const end of ends) expect([told, early]).toContainEqual(end);
  expect(ends.at(-1)).toEqual(told);
});
