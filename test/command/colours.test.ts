import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { checkout } from "../world/running-factory.ts";

// Node finds no colours in a CI's terminal.
const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...plain } = process.env;
const ESCAPE = "\u001B[";

/** `amint triggers` as a program reads it, or, with script(1), as a terminal shows it. */
function triggers(env: NodeJS.ProcessEnv, options: readonly string[], terminal: boolean): string {
  const command = [process.execPath, "cli/command/amint.mjs", "triggers", "al2023-base", ...options];
  const [program = "", ...args] = terminal ? ["script", "-qec", command.join(" "), "/dev/null"] : command;
  return spawnSync(program, args, {
    cwd: checkout,
    env: { ...plain, TERM: "xterm-256color", ...env },
    encoding: "utf8",
  }).stdout;
}

test.each([
  ["not a terminal", {}, [], false, false],
  ["FORCE_COLOR", { FORCE_COLOR: "1" }, [], false, true],
  ["FORCE_COLOR and --no-color", { FORCE_COLOR: "1" }, ["--no-color"], false, false],
] as const)("%s", (_name, env, options, terminal, coloured) => {
  const printed = triggers(env, options, terminal);

  expect(printed).toContain("al2023-base");
  expect(printed.includes(ESCAPE)).toBe(coloured);
});

test.each([
  ["a terminal", {}, [], true],
  ["a terminal and NO_COLOR", { NO_COLOR: "1" }, [], false],
  ["a terminal and --no-color", {}, ["--no-color"], false],
] as const)("%s", { tags: "needs/script" }, (_name, env, options, coloured) => {
  const printed = triggers(env, options, true);

  expect(printed).toContain("al2023-base");
  expect(printed.includes(ESCAPE)).toBe(coloured);
});
