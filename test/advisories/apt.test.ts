// @module-tag needs/apt-lists
import { rmSync } from "node:fs";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { PackagesReader } from "../../adapters/advisories/debian/packages-reader.ts";
import { parseRelease } from "../../adapters/advisories/debian/read-debian-feed.ts";
import { feedLimits } from "../../adapters/advisories/fetch-file.ts";
import { Checksum } from "../../adapters/advisories/file-content.ts";
import { KeptText } from "../../adapters/advisories/kept-text.ts";
import { readClearsigned } from "../../adapters/advisories/openpgp/verify-signature.ts";
import {
  aptLists,
  inReleaseOf,
  installedPackages,
  textOf,
  upgradableByApt,
  withOlderPackages,
} from "../../bench/feeds/apt-machine.ts";
import { toArchiveAdvisories } from "../../core/advisories/feed.ts";
import { findApplicable } from "../../core/advisories/find-applicable.ts";
import { versionComparer } from "../../core/advisories/versions.ts";

const lists = aptLists();
const suites = [...new Set(lists.map(({ suite }) => suite))];
const security = suites.filter((suite) => suite.endsWith("-security"));
const texts = new Map<string, Buffer>();

beforeAll(() => {
  for (const list of lists) texts.set(list.path, textOf(list));
});

/** Upgrades that Amint finds in the lists of some suites: `name version`, sorted. */
function upgradableByUs(folder: string, some: readonly string[]): string[] {
  const packages = installedPackages(folder);
  const names = new Set(packages.packages.map(({ name }) => name));
  const advisories = lists.flatMap((list) => {
    if (!some.includes(list.suite)) return [];
    const reader = new PackagesReader(list.path, feedLimits, new KeptText(list.path, feedLimits.kept), (name) =>
      names.has(name),
    );
    reader.write(texts.get(list.path) ?? Buffer.alloc(0));
    reader.end();
    return toArchiveAdvisories(list.suite, reader.packages);
  });
  const { applicable, unjudged } = findApplicable({
    image: "this",
    packages,
    manager: "dpkg",
    architecture: process.arch === "arm64" ? "arm64" : "x86_64",
    advisories,
    threshold: "unknown",
    waivers: [],
    now: new Date("2026-04-15T12:00:00Z"),
  });
  expect(unjudged).toEqual([]);
  const compare = versionComparer("dpkg");
  const newest = new Map<string, string>();
  for (const { name, fixed } of applicable.flatMap((advisory) => advisory.packages)) {
    const known = newest.get(name);
    if (known === undefined || compare(fixed, known) > 0) newest.set(name, fixed);
  }
  return [...newest].map(([name, version]) => `${name} ${version}`).toSorted();
}

test("the same packages are upgradable as apt says, in the security pocket", () => {
  const ours = upgradableByUs("/var/lib/dpkg", security);
  expect(ours).toEqual(upgradableByApt("/var/lib/dpkg", security));
});

test("the same packages are upgradable as apt says, in all pockets", () => {
  expect(upgradableByUs("/var/lib/dpkg", suites)).toEqual(upgradableByApt("/var/lib/dpkg", suites));
});

/**
 * Older in each way that a version can be older, and never a version that is in a list: apt tells two packages of one version
 * apart by what they depend on, which is not what a real package of that version would.
 */
function older(_: string, version: string, index: number): string {
  if (index % 2 === 1) return version;
  switch (index % 5) {
    case 0:
      return `${version}~`;
    case 1:
      return `${version.replace(/^\d+:/, "")}~`;
    case 2:
      return `${version.replace(/-[^-]*$/, "")}~`;
    case 3:
      return "0~1";
    default:
      return `${version.replace(/\d+(?=\D*$)/, (digits) => String(Math.max(0, Number(digits) - 1)))}~`;
  }
}

test("so they are on a machine where every second package is older", () => {
  const folder = withOlderPackages(older);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

  const all = upgradableByUs(folder, suites);

  expect(all.length).toBeGreaterThan(100);
  expect(all).toEqual(upgradableByApt(folder, suites));
  expect(upgradableByUs(folder, security)).toEqual(upgradableByApt(folder, security));
});

test("apt's lists are what their InRelease lists, by our reading of it", () => {
  for (const list of lists) {
    const release = parseRelease(list.path, readClearsigned(list.path, inReleaseOf(list), [], 0), list.suite);
    const [, component = "main", architecture = ""] = /_dists_[^_]+_(.+)_binary-([^_]+)_/.exec(list.path) ?? [];
    const expected = release.files.get(`${component}/binary-${architecture}/Packages`);
    if (!expected) throw new Error(`${list.path} is not listed`);
    const checksum = new Checksum(list.path, expected);
    checksum.update(texts.get(list.path) ?? Buffer.alloc(0));
    expect(() => checksum.end("unpacked it")).not.toThrow();
  }
});
