import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { FolderUnusable, privateFolder } from "../../src/engine/private-folder.ts";
import { cacheFolder } from "../../src/lambda-runtime/bundle-cache.ts";
import { bundleHandlers } from "../../src/lambda-runtime/bundle-handlers.ts";
import { unpackArchive } from "../../src/lambda-runtime/unpack-archive.ts";
import { startAws } from "../../src/start-aws.ts";
import { smallBlueprint } from "../deploy/small-blueprint.ts";

const HANDLER = "functions/one.handler";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "program-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "node_modules"));
  mkdirSync(join(root, "functions"));
  writeFileSync(join(root, "functions", "one.ts"), 'export const handler = async () => "the program\'s own";');
});

const bundle = async () => (await bundleHandlers(root, [HANDLER])).get(HANDLER) ?? "";
/** A new name each time, because Node keeps the modules that it has imported. */
const run = async (path: string, n = 0) => (await import(`${path}?${n}`)).handler();

const MALICIOUS = 'export const handler = async () => "the attacker\'s";';

describe("another user of this machine", () => {
  test("runs no code by replacing a cached bundle", async () => {
    writeFileSync(await bundle(), MALICIOUS);

    const again = await bundle();

    expect(await run(again)).toBe("the program's own");
  });

  test("runs no code by pointing the cache's index at another folder", async () => {
    const own = mkdtempSync(join(tmpdir(), "attacker-"));
    onTestFinished(() => rmSync(own, { recursive: true }));
    mkdirSync(join(own, "functions"));
    writeFileSync(join(own, "functions", "one.mjs"), MALICIOUS);
    const cache = dirname(dirname(dirname(await bundle())));
    for (const name of readdirSync(cache).filter((one) => one.endsWith(".json"))) {
      const index = JSON.parse(readFileSync(join(cache, name), "utf8"));
      writeFileSync(join(cache, name), JSON.stringify({ ...index, folder: own }));
    }

    const again = await bundle();

    expect(await run(again)).toBe("the program's own");
  });

  test("cannot write to the cache, and what he wrote before is gone", async () => {
    const cache = cacheFolder(root);
    mkdirSync(cache, { recursive: true });
    chmodSync(cache, 0o777);
    writeFileSync(join(cache, "planted"), "");

    await bundle();

    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(readdirSync(cache)).not.toContain("planted");
  });

  test("runs no code by replacing or adding a file of an unpacked archive", () => {
    const archive = zipSync({ "index.mjs": Buffer.from(`export const handler = async () => "${root}";`) });
    const folder = unpackArchive(archive);
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "index.mjs"), MALICIOUS);
    writeFileSync(join(folder, "index.js"), MALICIOUS);

    const again = unpackArchive(archive);

    expect(readdirSync(again)).toEqual(["index.mjs"]);
    expect(readFileSync(join(again, "index.mjs"), "utf8")).toContain(root);
  });

  test("leads the cache nowhere by a link in its place", async () => {
    mkdirSync(dirname(cacheFolder(root)));
    symlinkSync(tmpdir(), cacheFolder(root));

    await expect(bundle()).rejects.toThrow("it is a link or a file");
  });
});

describe("a cache that cannot be written", () => {
  const writable = { assertWritable: () => {}, free: () => 2 ** 30 };
  const failing = (code: string) => () => {
    throw Object.assign(new Error(`${code}: from the system`), { code });
  };

  test.each([
    ["read-only", "EROFS", { ...writable, assertWritable: failing("EROFS") }],
    ["another user's", "EACCES", { ...writable, assertWritable: failing("EACCES") }],
    ["full", "ENOSPC", { ...writable, free: () => 2 ** 20 }],
  ] as const)("is one error with the folder and what to do: %s", (_, code, disk) => {
    const open = () => privateFolder(join(root, "cache"), disk);

    expect(open).toThrow(FolderUnusable);
    expect(open).toThrow(expect.objectContaining({ code }));
    expect(open).toThrow(
      /cannot use the folder .*\/cache: .*(from the system|only 1 MB are free).*have free disk space/,
    );
  });

  test("ends a deployment within a second, before anything is created", async () => {
    writeFileSync(join(root, "node_modules", ".cache"), "");
    const blueprint = smallBlueprint();
    const begun = performance.now();

    const deploying = startAws(
      { clock: new VirtualClock(Date.UTC(2026, 3, 1)), publicImages: [] },
      { blueprint, root, secrets: { Token: "t" } },
    );

    await expect(deploying).rejects.toThrow(/cannot use the folder .*embedded-lambda: (ENOTDIR|EEXIST)/);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  test("ends the bundling of functions within a second", async () => {
    writeFileSync(join(root, "node_modules", ".cache"), "");
    const begun = performance.now();

    await expect(bundle()).rejects.toThrow(FolderUnusable);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
