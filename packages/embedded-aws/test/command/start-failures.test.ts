import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { withTable } from "../../src/command/operations.ts";

const BIN = join(import.meta.dirname, "../../embedded-aws.mjs");

/** @param path PATH, which decides the Node that runs it */
const start = (args: readonly string[], path = process.env.PATH) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile("node", [BIN, ...args], { env: { ...process.env, PATH: path } }, (error, _, stderr) =>
      resolve({ code: error?.code, stderr }),
    );
  });

test("a port in use ends the command with one line", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };

  const { code, stderr } = await start(["--port", String(port)]);

  expect(code).toBe(1);
  expect(stderr).toBe(
    `embedded-aws: Port ${port} on 127.0.0.1 is in use. Stop the program that uses it, or choose another port.\n`,
  );
});

test("a seed with errors ends the command with the errors", async () => {
  const { code, stderr } = await start(["--port", "4599", "--seed", "missing.yaml"]);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^embedded-aws: The organization file is not valid:\n {2}missing\.yaml: ENOENT.*\n$/);
});

test("a speed for the virtual clock, or one below AWS's, is refused", async () => {
  const [virtual, slow] = await Promise.all([start(["--clock", "virtual", "--speed", "2"]), start(["--speed", "0.5"])]);

  expect([virtual.code, slow.code]).toEqual([1, 1]);
  expect(virtual.stderr).toBe("error: --speed does not apply to --clock virtual, whose time jumps\n");
  expect(slow.stderr).toContain("Must be a number from 1 to 10000.");
});

const machine = process.env.PATH?.split(":").filter((folder) => !folder.includes("node_modules"));

test("an older Node is named, with the version that is needed", { tags: "needs/older-node" }, async () => {
  const path = machine?.join(":");
  const version = await new Promise<string>((resolve) =>
    execFile("node", ["--version"], { env: { ...process.env, PATH: path } }, (_, stdout) => resolve(stdout.trim())),
  );

  const { code, stderr } = await start([], path);

  expect(code).toBe(1);
  expect(stderr).toBe(`embedded-aws: needs Node.js 24 or later, and this is ${version}.\n`);
});

test("the README's table of operations is what the code answers; `npx embedded-aws operations --write` refreshes it", async () => {
  const { written, current } = await withTable();

  expect(written).toBe(current);
});
