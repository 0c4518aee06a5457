import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import {
  describeRenamedKey,
  type Rename,
  renamedKeys,
  renamedKeysOf,
  renameKeys,
  VERSION,
} from "../../core/factory/renamed-keys.ts";
import { imageOf } from "../world/factory-of.ts";
import { faultsIn, configWith as given } from "./faults.ts";

/** As `soak` and `minimumInterval` would be after a release that renames them. */
const renames: readonly Rename[] = [
  { at: "images.*.channels.*", from: "rest", to: "soak", since: "0.1.0", gone: "0.2.0" },
  { at: "", from: "trail", to: "cloudTrail", since: "0.1.0", gone: "0.2.0" },
];

const base = (channel: object) => ({
  images: { base: { ...imageOf(), channels: [{ name: "stable", share: { organization: true }, ...channel }] } },
});

const faultsOf = (input: FactoryInput, table: readonly Rename[]) => faultsIn(() => defineFactory(input, table));

test("a former name works, and the factory is the one that the new name gives", () => {
  const former = defineFactory(given({ ...base({ rest: "1h" }), trail: "own" }), renames);
  const present = defineFactory(given({ ...base({ soak: "1h" }), cloudTrail: "own" }), renames);

  expect(former).toEqual(present);
  expect(former.images.base?.channels[0]?.soak.usual).toBe(3600);
  expect(renamedKeysOf(former).map(describeRenamedKey)).toEqual([
    "factory.config.ts: images.base.channels[0].rest is now called images.base.channels[0].soak; the former name works until version 0.2.0",
    "factory.config.ts: trail is now called cloudTrail; the former name works until version 0.2.0",
  ]);
  expect(renamedKeysOf(present)).toEqual([]);
});

test("a factory in a bundle contains no former names", () => {
  const former = defineFactory(given({ trail: "own" }), renames);

  expect(JSON.stringify(former)).toBe(JSON.stringify(defineFactory(given({ cloudTrail: "own" }))));
});

test("a former name beside the new one is a fault", () => {
  expect(faultsOf(given({ trail: "own", cloudTrail: "none" }), renames)).toEqual([
    "trail: renamed to cloudTrail, which is also given; remove trail",
  ]);
});

test("a former name whose time is over is a fault that names the new one", () => {
  const over = renames.map((one) => ({ ...one, since: "0.0.9", gone: VERSION }));

  expect(faultsOf(given({ trail: "own", regions: [] }), over)).toEqual([
    `trail: renamed to cloudTrail in version 0.0.9; the former name ended with ${VERSION}`,
    "regions: expected at least 1 item, found []",
  ]);
});

test("a fault in a former name's value names the key as the config has it", () => {
  expect(faultsOf(given(base({ rest: "soon" })), renames)[0]).toMatch(/^images\.base\.channels\[0\]\.rest: expected /);
});

test.each([
  ["0.9.0", "0.10.0", 1],
  ["0.10.0", "0.9.0", 0],
  ["0.9.9", "1.0.0", 1],
  ["1.0.0", "1.0.0", 0],
])("in version %s a name that ends with %s is accepted %i times", (version, gone, times) => {
  const table = [{ at: "", from: "trail", to: "cloudTrail", since: "0.1.0", gone }];

  expect(renameKeys({ trail: "own" }, table, version).used).toHaveLength(times);
});

test("a value that is not an object at the path is left to the schema", () => {
  for (const config of [undefined, 7, [], { images: null }, { images: { base: "none" } }]) {
    expect(renameKeys(config, renames)).toEqual({ input: config, used: [], faults: [] });
  }
});

test("the version is the package's, and every rename lasts for one minor version", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const minorOf = (text: string) => text.split(".").map(Number);

  expect(VERSION).toBe(version);
  for (const { since, gone } of renamedKeys) {
    const [[major = 0, minor = 0], next] = [minorOf(since), minorOf(gone)];
    expect([
      [major, minor + 1, 0],
      [major + 1, 0, 0],
    ]).toContainEqual(next);
  }
});

test("the key that was called fullLook still works", () => {
  const factory = defineFactory({ ...given(), reconcile: { fullLook: "6h" } });

  expect(factory.reconcile).toEqual({ fullComparisonEvery: 21_600 });
  expect(renamedKeysOf(factory)).toHaveLength(1);
});

test("the gate's cis is the benchmark's former name, in faults, too", () => {
  const gate = (cis: object) => ({ images: { base: { ...imageOf(), gate: { cve: { count: "all" as const }, cis } } } });
  const inspector = { by: "inspector", level: 1 } as const;

  const factory = defineFactory(given(gate(inspector)));

  expect(factory.images.base?.gate.benchmark).toMatchObject(inspector);
  expect(renamedKeysOf(factory)).toEqual([
    { from: "images.base.gate.cis", to: "images.base.gate.benchmark", since: "0.1.0", gone: "0.2.0" },
  ]);
  expect(faultsOf(given(gate({ ...inspector, level: 3 })), renamedKeys)).toEqual([
    "images.base.gate.cis.level: expected one of 1, 2, found 3",
  ]);
});
