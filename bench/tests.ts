import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sized } from "./measure/sized.ts";
import type { FileTimes } from "./tests/file-times.ts";

/**
 * Where the seconds of `npm test` go: of each file the import, the set-up and the run in wall time of its worker, and its share
 * of the sum; then the whole run's wall time and processor time of all processes. The short form runs one folder.
 */
const FILES = sized([], ["test/gate"]);
const SHOWN = 40;
const seconds = (ms: number): string => (ms / 1_000).toFixed(1).padStart(8);

/** Linux: fields 16 and 17 are the processor time of children that have ended, with theirs, in hundredths of a second. */
const STAT = "/proc/self/stat";
const childrensMs = (): number => {
  const [, after = ""] = readFileSync(STAT, "utf8").split(") ");
  const [user = 0, system = 0] = after.split(" ").slice(13, 15).map(Number);
  return (user + system) * 10;
};

const folder = mkdtempSync(join(tmpdir(), "amint-tests-"));
const times = join(folder, "times.json");
const reporter = resolve(import.meta.dirname, "tests/file-times.ts");
const began = performance.now();
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    ...["run", "--project=!deep", "--tagsFilter=!deep"],
    ...["--reporter=dot", `--reporter=${reporter}`],
    ...FILES,
  ],
  { stdio: "inherit", env: { ...process.env, AMINT_FILE_TIMES: times } },
);
const wall = performance.now() - began;
const files = JSON.parse(readFileSync(times, "utf8")) as FileTimes[];
rmSync(folder, { recursive: true });

const sumOf = ({ importMs, setupMs, runMs }: FileTimes): number => importMs + setupMs + runMs;
const all = files.reduce((sum, one) => sum + sumOf(one), 0);
console.log(`\n${["import", "set-up", "run", "share"].map((title) => title.padStart(8)).join("")}  file`);
for (const one of files.toSorted((a, b) => sumOf(b) - sumOf(a)).slice(0, SHOWN)) {
  const share = `${((100 * sumOf(one)) / all).toFixed(1)} %`.padStart(8);
  console.log(`${[one.importMs, one.setupMs, one.runMs].map(seconds).join("")}${share}  ${one.file}: ${one.slowest}`);
}
console.log(`${seconds(all)} s in ${files.length} files; ${seconds(wall).trim()} s of wall time`);
if (existsSync(STAT)) console.log(`${seconds(childrensMs())} s of processor time of all processes`);
process.exit(status ?? 1);
