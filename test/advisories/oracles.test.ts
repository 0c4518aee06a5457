import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatEvr, type PackageManager, parseDebianVersion, versionComparer } from "../../core/advisories/versions.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { debianSyntax, type Pair, rpmSyntax, versionPairs } from "./version-texts.ts";

/** The first of a pair compared with the second, in dpkg's terms. */
type Relation = "lt" | "eq" | "gt";

/** Every pair as the program `rpm` orders it, all in one process: its Lua compares whole `epoch:version-release`. */
async function askRpm(pairs: readonly Pair[]): Promise<string[]> {
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
async function askDpkg(questions: readonly (readonly [Pair, Relation])[]): Promise<string[]> {
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
async function askDpkgForValidity(texts: readonly string[]): Promise<boolean[]> {
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

const { runs: COUNT, seed: SEED } = sizeOf({ quick: 500, deep: 100_000 });

const LIMIT = 60_000 + COUNT * 15;

const advisories = new URL("../../../shared/conformance/updateinfo/", import.meta.url);

test("random pairs are ordered as in rpm", { timeout: LIMIT, tags: "needs/rpm" }, async () => {
  const pairs = versionPairs(rpmSyntax, COUNT, SEED);
  const ours = pairs.map((pair) => relation("rpm", pair));

  const theirs = await askRpm(pairs);

  expect(differences("rpm", pairs, ours, theirs), `SEED=${SEED}`).toEqual([]);
  expectAllRelations(theirs);
});

test("random pairs are ordered as in dpkg", { timeout: LIMIT, tags: "needs/dpkg" }, async () => {
  const pairs = versionPairs(debianSyntax, COUNT, SEED);
  const ours = pairs.map((pair) => relation("dpkg", pair));

  const theirs = await askDpkg(pairs.map((pair, at) => [pair, ours[at]!]));

  expect(differences("dpkg", pairs, ours, theirs), `SEED=${SEED}`).toEqual([]);
  expectAllRelations(theirs);
});

test("exactly the versions that dpkg accepts can be parsed", { tags: "needs/dpkg" }, async () => {
  const piece = fc.constantFrom(..."0019azA.+~-:-:_^%é", "2147483647:", "2147483648:", "1:");
  // dpkg's command line takes a leading "-" for an option, and C's strtol a leading "+" for a sign.
  const text = fc.string({ unit: piece, minLength: 1, maxLength: 6 }).filter((some) => !/^[-+]/.test(some));
  const texts = fc.sample(text, { numRuns: Math.min(COUNT, 2_000), seed: SEED });

  const valid = await askDpkgForValidity(texts);

  expect(
    texts.filter((some, at) => isDebianVersion(some) !== valid[at]),
    `SEED=${SEED}`,
  ).toEqual([]);
  expect(new Set(valid)).toEqual(new Set([true, false]));
});

test("all versions in Amazon Linux's advisories are ordered as in rpm", {
  tags: ["needs/rpm", "needs/shared-updateinfo"],
}, async () => {
  const versions = readdirSync(advisories)
    .filter((name) => /^updateinfo_(AL|\d).*\.gz$/.test(name))
    .flatMap((name) => packageVersions(gunzipSync(readFileSync(new URL(name, advisories))).toString("utf8")));
  const distinct = [...new Set(versions)];
  const pairs = distinct.flatMap((a) => distinct.map((b): Pair => [a, b]));
  const ours = pairs.map((pair) => relation("rpm", pair));

  const theirs = await askRpm(pairs);

  expect(distinct.length).toBeGreaterThan(2);
  expect(differences("rpm", pairs, ours, theirs)).toEqual([]);
});

const RELATIONS = { "-1": "lt", "0": "eq", "1": "gt" } as const;

function relation(manager: PackageManager, [a, b]: Pair): Relation {
  return RELATIONS[versionComparer(manager)(a, b)];
}

/** The first twenty of them, as a person would want to see them. */
function differences(manager: PackageManager, pairs: readonly Pair[], ours: string[], theirs: string[]): string[] {
  return pairs
    .map(([a, b], at) => ({ a, b, we: ours[at], they: theirs[at] }))
    .filter(({ we, they }) => we !== they)
    .slice(0, 20)
    .map(({ a, b, we, they }) => `${a} ${b}: ${manager} says ${they}, we say ${we}`);
}

/** A comparison with only one outcome would prove little. */
function expectAllRelations(said: readonly string[]): void {
  const least = Math.min(...["lt", "eq", "gt"].map((one) => said.filter((other) => other === one).length));
  expect(least).toBeGreaterThan(said.length / 100);
}

function isDebianVersion(text: string): boolean {
  try {
    parseDebianVersion(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return false;
  }
}

/** The packages of an `updateinfo.xml`, their attributes in any order. */
function packageVersions(xml: string): string[] {
  return [...xml.matchAll(/<package\s([^>]*)>/g)].map(([, attributes = ""]) => {
    const value = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
    return formatEvr({ epoch: Number(value("epoch")), version: value("version"), release: value("release") });
  });
}
