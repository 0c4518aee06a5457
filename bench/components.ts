import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { type BackendName, chooseBackend } from "component-runner";
import { median } from "./measure/figures.ts";
import { isShort, sized } from "./measure/sized.ts";
import { skip, Targets } from "./measure/targets.ts";

/**
 * Time from the command to the first step's output, with a cached root file system, in each backend that this machine has,
 * and the peak memory of Amint's process. The backends take turns in one run. Then the complete Debian example with
 * `build --here`, without and with layers of an earlier run; the short form leaves out the example.
 */
const ROUNDS = sized(5, 1);
const EXAMPLE_ROUNDS = 3;
const MARK = "the first output";

const work = mkdtempSync(join(tmpdir(), "bench-components-"));
const document = join(work, "first.yaml");
writeFileSync(
  document,
  `schemaVersion: 1.0\nphases:\n  - name: build\n    steps:\n      - name: First\n        action: ExecuteBash\n        inputs: { commands: ["echo ${MARK}"] }\n`,
);

interface Measured {
  readonly firstMs: number;
  readonly wholeMs: number;
  readonly MiB: number;
}

const COMMAND = join(import.meta.dirname, "../cli/command/amint.mjs");

const results = ["--results", join(work, "results")];

const measureFirst = (backend: BackendName): Promise<Measured> =>
  measure(["components", "test", document, "--in", backend, "--phase", "build", "--no-cache", ...results]);

const EXAMPLE = ["build", "--here", "debian-12-web", "--config", "demo/debian/factory.config.ts"];

const measureExample = (...more: string[]): Promise<Measured> => measure([...EXAMPLE, ...results, ...more]);

async function measure(args: readonly string[]): Promise<Measured> {
  const began = performance.now();
  const child = spawn("/usr/bin/env", ["time", "--format", "peak %M KiB", process.execPath, COMMAND, ...args]);
  let firstMs = Number.NaN;
  let said = "";
  child.stdout.on("data", (chunk) => {
    if (String(chunk).includes(`| ${MARK}`) && Number.isNaN(firstMs)) firstMs = performance.now() - began;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`amint ${args.join(" ")}: ${said}`);
  return {
    firstMs,
    wholeMs: performance.now() - began,
    MiB: Number(/peak (\d+) KiB/.exec(said)?.[1] ?? Number.NaN) / 1024,
  };
}

const targets = new Targets();
const available: BackendName[] = [];
const lacking: string[] = [];
for (const name of ["namespaces", "bubblewrap"] as const) {
  await chooseBackend(name).then(
    () => available.push(name),
    (error) => lacking.push(String(error)),
  );
}
for (const reason of lacking) console.log(reason);
if (available.length === 0) skip(lacking.join("; "));
// Creates and unpacks the root file system before the measurement.
for (const name of available) await measureFirst(name);
const all = new Map<BackendName, Measured[]>(available.map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const name of available) all.get(name)?.push(await measureFirst(name));
}
for (const [name, some] of all) {
  const first = median(some.map(({ firstMs }) => firstMs));
  const whole = median(some.map(({ wholeMs }) => wholeMs));
  const peak = Math.max(...some.map(({ MiB }) => MiB));
  targets.atLeast(`milliseconds until the first output in ${name}`, first, 1);
  console.log(
    `${name.padEnd(12)} first output ${(first / 1000).toFixed(2)} s, whole command ${(whole / 1000).toFixed(2)} s (medians of ${ROUNDS}); peak memory of Amint ${peak.toFixed(0)} MiB`,
  );
}
const [one, other] = available.map((name) => median((all.get(name) ?? []).map(({ firstMs }) => firstMs)));
if (one !== undefined && other !== undefined)
  console.log(`${available[1]} / ${available[0]}: ${(other / one).toFixed(2)}`);
if (available.includes("namespaces") && !isShort) {
  // Creates the layers.
  await measureExample();
  const runs = { "without layers": [] as Measured[], "with layers": [] as Measured[] };
  for (let round = 0; round < EXAMPLE_ROUNDS; round++) {
    runs["without layers"].push(await measureExample("--no-cache"));
    runs["with layers"].push(await measureExample());
  }
  for (const [how, some] of Object.entries(runs)) {
    const seconds = some.map(({ wholeMs }) => (wholeMs / 1000).toFixed(1));
    const peak = Math.max(...some.map(({ MiB }) => MiB));
    console.log(
      `debian-12-web ${how}: ${(median(some.map(({ wholeMs }) => wholeMs)) / 1000).toFixed(1)} s (median of ${seconds.join(", ")}); peak memory of Amint ${peak.toFixed(0)} MiB`,
    );
  }
}
console.log(
  `The machine's load: ${loadavg()
    .map((one) => one.toFixed(1))
    .join(", ")} (1, 5 and 15 minutes)`,
);
rmSync(work, { recursive: true, force: true });
targets.say();
