import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { linkPackages } from "../test/whole/deep/link-packages.ts";
import { committedFiles } from "./house/lines.ts";
import { type House, measureHouse } from "./house/measure-house.ts";
import { sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";
import { BUDGET, overspent, readBudget } from "./month/budget.ts";

/**
 * Metrics of the source tree: files, lines by layer, files with a single importer, import cycles, the files that a scheduled build
 * executes, and the folders of each noun; compared with an earlier revision if one is named:
 * `npm run bench -- house --since 155540f`.
 */
const { since: revision } = parseArgs({
  options: { since: { type: "string" }, short: { type: "boolean" } },
}).values;
/** A build is followed from the day before Patch Tuesday until its last channel, or until its first. */
const FOLLOWED = sized({ days: 4, channels: 2 }, { days: 2, channels: 1 });
const root = resolve(import.meta.dirname, "..");

function measureRevision(name: string): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "amint-house-"));
  try {
    const archive = execFileSync("git", ["archive", name], { cwd: root, maxBuffer: 2 ** 28 });
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    linkPackages(folder);
    return measureHouse(folder, committedFiles(root, name), FOLLOWED);
  } finally {
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  }
}

const before = revision === undefined ? undefined : await measureRevision(revision);
const after = await measureHouse(root, committedFiles(root), FOLLOWED);

const row = (name: string, pick: (house: House) => number): void =>
  console.log(name.padEnd(44) + (before ? String(pick(before)).padStart(9) : "") + String(pick(after)).padStart(9));

console.log("".padEnd(44) + (before ? String(revision).padStart(9) : "") + "now".padStart(9));
row("product files", ({ files }) => files);
row("files with a single importer", ({ single }) => single);
row("files in import cycles, types included", ({ circles }) => circles);
row("files that one scheduled build executes", ({ trails }) => trails.ran.length);
for (const layer of ["functions", "core", "adapters", "events"]) {
  row(`  of ${layer}`, ({ trails }) => trails.ran.filter((file) => file.startsWith(`${layer}/`)).length);
}
row("files that the id of its AMI passes", ({ trails }) => trails.ami.length);
row("files that an approval passes", ({ trails }) => trails.approval.length);
console.log("\nfolders with files named for");
for (const noun of Object.keys(after.folders)) row(`  ${noun}`, ({ folders }) => folders[noun] ?? 0);

const budget = readBudget(join(root, BUDGET));
console.log(`\nlines, of the limit in ${BUDGET}`);
for (const [layer, most] of Object.entries(budget.lines))
  row(`  ${layer.padEnd(32)}${most}`, ({ lines }) => lines[layer] ?? 0);

const targets = new Targets();
targets.equal("files in import cycles", after.circles, 0);
targets.equal("layers above their limit of lines", overspent({ lines: after.lines }, budget).join("; "), "");
for (const file of ["functions/build/start-build.ts", "functions/channel/move-channel.ts"]) {
  targets.equal(`whether a scheduled build executes ${file}`, after.trails.ran.includes(file), true);
}
targets.say();
