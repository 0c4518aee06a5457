import type { Command } from "commander";
import { expect, test } from "vitest";
import { examples } from "../../cli/command/examples.ts";
import { loadProgram } from "../../cli/command/program.ts";
import { amintHere, projectWith, withoutAws } from "../factory/bad-input/here.ts";

const leaves = (command: Command, path: readonly string[] = []): string[] =>
  command.commands.flatMap((one) => {
    const names = [...path, one.name()];
    return one.commands.length > 0 ? leaves(one, names) : [names.join(" ")];
  });
const commands = leaves(await loadProgram(undefined, { all: true }));

/** The arguments of a command's first example, without `amint` and what the shell reads. */
const argumentsOf = (command: string): string[] =>
  [...(examples[command]?.[0] ?? "").replace(/ [>|] .*$/, "").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)]
    .map(([, a, b, c]) => a ?? b ?? c ?? "")
    .slice(1);

/** `validate` reports what it found as its result, and `components schema` needs nothing that could be missing. */
const reported = commands.filter((command) => command !== "validate");

test.each(reported)("amint %s --json fails with one object on one line, and without a stack trace", async (command) => {
  const folder = await projectWith({ "factory.config.ts": 'throw new Error("VPC_ID is not set");\n' });
  const argv = [...argumentsOf(command), "--json", "--config", `${folder}factory.config.ts`];
  const failing = command === "components schema" ? [...argv, "--colour"] : argv;

  const { code, stdout, stderr } = await amintHere(failing, { ...withoutAws, AWS_ENDPOINT_URL: "http://127.0.0.1:9" });

  const { error, ...others } = JSON.parse(stderr);
  expect(stderr).toBe(`${JSON.stringify({ error })}\n`);
  expect(error).toMatchObject({
    name: expect.stringMatching(/^(?!Error$)\w+$/),
    message: expect.any(String),
    exitCode: code,
  });
  expect(Object.keys(error).filter((key) => !["name", "message", "fix", "exitCode"].includes(key))).toEqual([]);
  expect([1, 64]).toContain(code);
  expect({ others, stdout }).toEqual({ others: {}, stdout: "" });
});

test("with --debug the object has the stack traces of the error and its causes", async () => {
  const { stderr } = await amintHere(["triggers", "al2032-base", "--json", "--debug"]);

  const { error } = JSON.parse(stderr);
  expect(error).toMatchObject({ name: "UnknownImage", exitCode: 1 });
  expect(error.stack[1]).toMatch(/^ {4}at .*require-image\.ts/);
});

test.each([[["--json"]], [["local", "--json"]]])("without a command, %j is one object, too", async (argv) => {
  const { code, stderr } = await amintHere(argv);

  expect(JSON.parse(stderr)).toEqual({
    error: {
      name: "WrongUsage",
      message: "A command is missing.",
      fix: "`amint --help` lists the commands",
      exitCode: 64,
    },
  });
  expect(code).toBe(64);
});
