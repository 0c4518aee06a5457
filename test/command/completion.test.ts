import { execFileSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Shell, scripts } from "../../cli/command/completion/completion.ts";
import { amintHere, projectWith } from "../factory/bad-input/here.ts";
import { checkout } from "../world/running-factory.ts";

/** A shell script that prints what the shell offers for a line, one word a line. */
const drivers: Readonly<Record<Shell, (line: string) => string>> = {
  bash: (line) =>
    `COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _amint; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (line) => `words=(${line}); CURRENT=\${#words}; _amint`,
  fish: (line) => `complete -C "${line.replace(/''$/, "")}"`,
};

const options: Readonly<Record<Shell, readonly string[]>> = { bash: ["--norc"], zsh: ["-f"], fish: ["-N"] };

/** zsh completes only in its line editor: what the script hands to it is printed instead. */
const editor = `_describe() { printf '%s\\n' "\${(@)\${(P)2}%%:*}" }
_files() { : }
compdef() { : }`;

/** @param lines as a shell has them; '' at the end for a word that is not begun */
async function offered(shell: Shell, lines: readonly string[]): Promise<string[][]> {
  const { stdout } = await amintHere(["completion", shell]);
  const amint = `#!/bin/sh\nexec "${process.execPath}" "${checkout}cli/command/amint.mjs" "$@"\n`;
  const script = [
    ...(shell === "zsh" ? [editor] : []),
    stdout,
    ...lines.flatMap((line) => [drivers[shell](line), "echo --end--"]),
  ];
  const folder = await projectWith({ amint, script: script.join("\n") });
  await chmod(join(folder, "amint"), 0o755);
  const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };
  const printed = execFileSync(shell, [...options[shell], join(folder, "script")], {
    cwd: checkout,
    env,
    encoding: "utf8",
  });
  const words = (some: string) =>
    some
      .split("\n")
      .map((line) => line.split("\t")[0] ?? "")
      .filter(Boolean)
      .sort();
  return printed.split("--end--\n").slice(0, -1).map(words);
}

for (const shell of Object.keys(scripts) as Shell[]) {
  test(`${shell} completes commands, options, images and channels`, { tags: `needs/${shell}` }, async () => {
    const found = await offered(shell, [
      "amint cha",
      "amint local e",
      "amint --jso",
      "amint channels al2023-",
      "amint rollback al2023-base ''",
      "amint fleet --image ubu",
      "amint build al2023-base --until ''",
    ]);

    expect(found).toEqual([
      ["channels"],
      ["events", "executions"],
      ["--json"],
      ["al2023-base", "al2023-node", "al2023-web"],
      ["candidate", "stable"],
      ["ubuntu-2404-base"],
      ["available", "candidate", "stable"],
    ]);
  });
}

test("bash completes values after = and another config's images", { tags: "needs/bash" }, async () => {
  const found = await offered("bash", [
    "amint fleet --image = al2023-w",
    "amint --config demo/debian/factory.config.ts channels ''",
  ]);

  expect(found).toEqual([["al2023-web"], ["debian-12-web"]]);
});

test("an unknown shell is refused, and the known ones are listed", async () => {
  const { code, stderr } = await amintHere(["completion", "tcsh"]);

  expect(stderr).toContain("Allowed choices are bash, zsh, fish.");
  expect(code).toBe(64);
});
