// @module-tag deep
// @module-tag needs/namespaces
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { makeCached, makeCacheWork } from "../../src/isolation/cache.ts";
import { namespaces } from "../../src/isolation/namespaces/namespaces.ts";
import { leftoversOf } from "./leftovers.ts";

const limits = { memoryMiB: 512, processes: 400, diskMiB: 512 };

const folders: string[] = [];
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "cache-"));
  folders.push(cache);
  vi.stubEnv("COMPONENT_RUNNER_CACHE", cache);
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe("a root that is being made", () => {
  // 0.2 s: apt reads the lists; 4 s: packages are unpacked.
  test.each([0, 200, 4000])("interrupted after %i ms leaves nothing in the cache, mounted or running", async (ms) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("interrupted")), ms);

    const making = namespaces.prepare(
      { kind: "os", os: "debian-12", architecture: "x86_64" },
      { progress: () => {}, limits, signal: controller.signal },
    );

    await expect(making).rejects.toThrow("interrupted");
    expect(readdirSync(cache)).toEqual([]);
    expect(leftoversOf(process.pid)).toEqual([]);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).not.toContain("mmdebstrap");
  });
});

test("a root that was not interrupted becomes a disk, and nothing else is left", async () => {
  const tar = join(cache, "root.tar");
  const folder = mkdtempSync(join(tmpdir(), "root-"));
  folders.push(folder);
  mkdirSync(join(folder, "etc"));
  writeFileSync(join(folder, "etc/hello"), "hello");
  execFileSync("tar", ["--directory", folder, "--create", "--file", tar, "."]);

  const disk = await namespaces.prepare({ kind: "tar", path: tar }, { progress: () => {}, limits });

  expect(
    readdirSync(cache)
      .map((name) => name.replace(/-.*/, ""))
      .toSorted(),
  ).toEqual(["digest", "disk", "root.tar"]);
  expect(execFileSync("debugfs", ["-R", "cat /root/etc/hello", disk], { stdio: "pipe" }).toString()).toBe("hello");
  expect(leftoversOf(process.pid)).toEqual([]);
});

test("leftovers of killed runs are removed from the cache at the next start; files of active runs stay", async () => {
  const killed = join(cache, ".component-runner-999999999-abcdef");
  mkdirSync(killed);
  writeFileSync(join(killed, "entry"), "half");
  const going = makeCacheWork();

  await makeCached("root", async (path) => writeFileSync(path, "whole"));

  expect(readdirSync(cache).toSorted()).toEqual([going.slice(cache.length + 1), "root"]);
});
