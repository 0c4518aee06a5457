import type { Command } from "commander";
import { expect, test } from "vitest";
import { commands } from "../../cli/command/commands.ts";
import { examples } from "../../cli/command/examples.ts";
import { globalOptions } from "../../cli/command/global-options.ts";
import { loadProgram } from "../../cli/command/program.ts";
import { amintHere } from "../factory/bad-input/here.ts";

interface Found {
  readonly path: string;
  readonly command: Command;
}

const all = (command: Command, path: readonly string[] = []): Found[] =>
  command.commands.flatMap((one) => {
    const names = [...path, one.name()];
    return [{ path: names.join(" "), command: one }, ...all(one, names)];
  });

const program = await loadProgram(undefined, { all: true });
const found = all(program);
const leaves = found.filter(({ command }) => command.commands.length === 0);

/** As a shell splits a line, up to a redirection. */
const split = (line: string): string[] =>
  [...line.replace(/ [>|] .*$/, "").matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");

test("every command has an example, and every example has a command", () => {
  expect(leaves.length).toBeGreaterThan(40);
  expect(leaves.map(({ path }) => path).sort()).toEqual(Object.keys(examples).sort());
});

test.each(Object.entries(examples))("the real program parses the examples of amint %s", async (path, lines) => {
  for (const line of lines) {
    const parsing = await loadProgram(undefined, { all: true });
    const ran: string[] = [];
    for (const one of all(parsing)) one.command.action(() => void ran.push(one.path));
    await parsing.parseAsync(split(line).slice(1), { from: "user" });

    expect(split(line)[0]).toBe("amint");
    expect(ran).toEqual([path]);
  }
});

test("amint --help lists every command on one line, below a heading", async () => {
  const { code, stdout } = await amintHere(["--help"]);
  const lines = stdout.split("\n");

  expect(code).toBe(0);
  for (const [name, { heading, summary }] of commands) {
    const at = lines.findIndex((line) => line.trim().startsWith(`${name} `) && line.endsWith(` ${summary}`));
    expect(lines.slice(0, at), name).toContain(heading);
  }
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test.each(leaves.map(({ path }) => path))("amint %s --help shows its examples and the global options", async (path) => {
  const [help, asked] = [
    await amintHere([...path.split(" "), "--help"]),
    await amintHere(["help", ...path.split(" ")]),
  ];

  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(asked.stdout).toBe(help.stdout);
  for (const example of examples[path] ?? []) expect(help.stdout).toContain(`  $ ${example}\n`);
  expect(help.stdout).toContain("\nGlobal Options:\n  --json ");
});

test("no command declares a global option again", () => {
  const names = new Set(globalOptions().map(({ long }) => long));
  const again = found.flatMap(({ path, command }) =>
    command.options.filter(({ long }) => names.has(long)).map(({ long }) => `${path} ${long}`),
  );

  expect(again).toEqual([]);
});
