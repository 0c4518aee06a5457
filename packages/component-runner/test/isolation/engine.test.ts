import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { engine } from "../../src/isolation/engine/engine.ts";
import { bootHere, type Here } from "./boot-here.ts";

const FAKE = fileURLToPath(new URL("fixtures/engine/fake-engine.mjs", import.meta.url));
const backend = engine("docker");

let folder: string;
const calls = () => readFileSync(join(folder, "calls"), "utf8").trim().split("\n");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fake-engine-"));
  symlinkSync(FAKE, join(folder, "docker"));
  vi.stubEnv("FAKE_ENGINE", folder);
  vi.stubEnv("PATH", [folder, process.env.PATH].join(delimiter));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a container of the vendor's image has the limits, and is not privileged", async () => {
  await using here = await bootHere(backend);

  const started = calls().findLast((call) => call.startsWith("run ")) ?? "";
  expect(started).toContain("--memory 512m --pids-limit 400");
  expect(started).toMatch(/debian:12 infinity$/);
  expect(calls().join("\n")).not.toContain("privileged");
  expect(here.system).toMatchObject({ hasInit: false, enforced: ["memoryMiB", "processes"] });
});

test("commands have variables, input, exit codes and separate outputs", async () => {
  await using here = await bootHere(backend);

  const said = await here.run('echo "$GREETING"; cat; echo apart >&2; exit 194', {
    env: { GREETING: "it's" },
    input: Buffer.from("input\n"),
  });

  expect(said).toEqual({ exitCode: 194, systemDown: false, out: "it's\ninput\n", err: "apart\n" });
});

test("an abort kills a command's processes, which the engine's own program would leave behind", async () => {
  await using here = await bootHere(backend);
  const controller = new AbortController();

  const said = await here.run("setsid sleep 4441 & echo up; sleep 4442", {
    signal: controller.signal,
    onOutput: () => controller.abort(),
  });

  expect(said.exitCode).toBe(137);
});

test("a command that ends with its container reports that the system is down", async () => {
  await using here = await bootHere(backend);

  expect(await here.run("rm container-*; exit 1")).toMatchObject({ systemDown: true });
});

test("a snapshot is the container's file system, and a system starts from it", async () => {
  await using here = await bootHere(backend);
  const file = join(folder, "layer");
  await here.system.snapshot(file);

  await using _next: Here = await bootHere(backend, { from: file });

  expect(calls().find((call) => call.startsWith("import "))).toContain(file);
});

test("a restart is the engine's", async () => {
  await using here = await bootHere(backend);
  await here.system.restart();

  expect(calls().at(-1)).toMatch(/^restart --time 90 component-runner-\d+-\d+$/);
});

test("close removes the container, and containers of runs that were killed go at the next start", async () => {
  writeFileSync(join(folder, "container-component-runner-999999999-1"), "");
  writeFileSync(join(folder, `container-component-runner-${process.pid}-other`), "");

  const here = await bootHere(backend);
  await here.system.close();

  const removed = calls().filter((call) => call.startsWith("rm --force --volumes"));
  expect(removed).toEqual([
    "rm --force --volumes component-runner-999999999-1",
    expect.stringMatching(`^rm --force --volumes component-runner-${process.pid}-[0-9]+$`),
  ]);
});

test("a machine without an engine that answers lacks it", async () => {
  rmSync(join(folder, "docker"));
  writeFileSync(join(folder, "docker"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });

  expect(await backend.missing()).toEqual(["an answer of `docker info` (start docker, or join its group)"]);
});

test("a system without an image is refused with those that have one", async () => {
  const limits = { memoryMiB: 512, processes: 400, diskMiB: 512 };
  await expect(
    backend.prepare({ kind: "os", os: "rhel-9", architecture: "x86_64" }, { progress: () => {}, limits }),
  ).rejects.toThrow("rhel-9 has no image for docker: only al2, al2023, alma-9, alma-10, debian-12");
});
