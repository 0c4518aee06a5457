import { spawn } from "node:child_process";
import type { Pair } from "./version-texts.ts";

/** The first of a pair compared with the second, in dpkg's terms. */
export type Relation = "lt" | "eq" | "gt";

/** Every pair as the program `rpm` orders it, all in one process: its Lua compares whole `epoch:version-release`. */
export async function askRpm(pairs: readonly Pair[]): Promise<string[]> {
  const said = `%{lua:
    for line in io.lines() do
      local a, b = line:match("^(%S+) (%S+)$")
      local order = rpm.vercmp(a, b)
      io.write(order < 0 and "lt" or order > 0 and "gt" or "eq", "\\n")
    end}`;
  return linesOf(
    "rpm",
    ["--eval", said],
    pairs.map((pair) => pair.join(" ")),
  );
}

/**
 * Every pair as the program `dpkg` orders it, or "refused". Each comparison needs a process, so the first one tests
 * the expected order; further ones run only if it differs.
 */
export async function askDpkg(questions: readonly (readonly [Pair, Relation])[]): Promise<string[]> {
  const ask = `while read -r a expected b; do
    for relation in "$expected" lt eq gt refused; do
      [ "$relation" = refused ] || ! dpkg --compare-versions "$a" "$relation" "$b" || break
    done
    echo "$relation"
  done`;
  return inTwoShells(
    ask,
    questions.map(([[a, b], relation]) => `${a} ${relation} ${b}`),
  );
}

/** Whether `dpkg` accepts each text as a version without a warning. */
export async function askDpkgForValidity(texts: readonly string[]): Promise<boolean[]> {
  const said = await inTwoShells('while read -r text; do dpkg --validate-version "$text"; echo $?; done', texts);
  return said.map((status) => status === "0");
}

async function inTwoShells(script: string, lines: readonly string[]): Promise<string[]> {
  const half = Math.ceil(lines.length / 2);
  const halves = [lines.slice(0, half), lines.slice(half)];
  return (await Promise.all(halves.map((some) => linesOf("sh", ["-c", script], some)))).flat();
}

/** The program's output lines for these input lines, one for each. */
function linesOf(program: string, args: readonly string[], input: readonly string[]): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, LC_ALL: "C" } });
  const heard: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => heard.push(bytes));
  child.on("error", reject);
  child.on("close", (status) => {
    const lines = Buffer.concat(heard).toString("utf8").split("\n").filter(Boolean);
    if (status === 0 && lines.length === input.length) resolve(lines);
    else reject(new Error(`${program} ended with ${status}: ${lines.length} answers to ${input.length} questions`));
  });
  child.stdin.end(input.map((line) => `${line}\n`).join(""));
  return promise;
}
