import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatEvr, type PackageManager, parseDebianVersion, versionComparer } from "../../core/advisories/versions.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { askDpkg, askDpkgForValidity, askRpm, type Relation } from "./oracles.ts";
import { debianSyntax, type Pair, rpmSyntax, versionPairs } from "./version-texts.ts";

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
