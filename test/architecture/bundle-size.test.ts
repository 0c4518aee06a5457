import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Metafile } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import options from "../../bundle.config.ts";
import factory from "../../factory.config.ts";
import { bundleFunctions } from "../../stacks/bundle/bundle-functions.ts";
import { declaredHandlers, nameOf } from "../../stacks/bundle/handlers.ts";
import { bundleOptions } from "../../stacks/bundle/options.ts";

/** Minified bytes of a function's complete bundle, including dynamic imports. */
const LIMIT = 640_000;

/** The promotion's, and those that take it back. */
const names = [
  "collect-evidence",
  "decide-gate",
  "distribute-image",
  "record-copy",
  "request-approval",
  "expire-approval",
  "check-promotion",
  "keep-grants",
  "prepare-image",
  "share-image",
  "verify-share",
  "start-canary",
  "check-canary",
  "end-canary",
  "verify-parameter",
  "move-channel",
  "confirm-channel",
  "share-parameter",
  "undo-promotion",
  "roll-back",
  "revoke-build",
  "restore-build",
];

const handlers = declaredHandlers(".").filter((path) => names.includes(nameOf(path)));

let folder = "";
let metafile: Metafile;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bundles-"));
  ({ metafile } = await bundleFunctions(resolve("."), resolve("factory.config.ts"), handlers, folder));
});
afterAll(() => rmSync(folder, { recursive: true }));

const outputOf = (name: string) => {
  const [, output] = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}.mjs`)) ?? [];
  if (!output) throw new Error(`No bundle of ${name}; the bundles: ${Object.keys(metafile.outputs).join(", ")}`);
  return output;
};

/** A package or, of ours, a folder. */
const originOf = (input: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.split("/")[0] ?? input;

function largestInputs(inputs: ReturnType<typeof outputOf>["inputs"]): string {
  const sizes = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
    sizes.set(originOf(input), (sizes.get(originOf(input)) ?? 0) + bytesInOutput);
  }
  const largest = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 12);
  return largest.map(([origin, bytes]) => `${origin} ${bytes}`).join(", ");
}

it.each(names)("the bundle of %s is at most 640 kB", (name) => {
  const { bytes, inputs } = outputOf(name);

  expect(bytes, `${name} has ${bytes} bytes; its largest inputs: ${largestInputs(inputs)}`).toBeLessThanOrEqual(LIMIT);
});

it.each(names)("the bundle of %s holds the factory's config as validated, and not what validates it", (name) => {
  const inputs = Object.keys(outputOf(name).inputs);

  expect(inputs.some((input) => input.startsWith("validated-config:"))).toBe(true);
  expect(inputs.filter((input) => /croner|factory-schema|^factory\.config/.test(input))).toEqual([]);
});

it("serializes the config without loss", () => {
  expect(JSON.parse(JSON.stringify(factory))).toEqual(factory);
});

it("is built as on the embedded AWS", () => {
  const plain = (one: object) => JSON.parse(JSON.stringify(one));

  expect(plain(options(new URLSearchParams()))).toEqual(plain(bundleOptions(resolve("factory.config.ts"))));
});
