import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { trailsOf } from "./measure-house.ts";

/**
 * `trails.ts` compares the trails in docs/architecture.md with a run of the example's scheduled build, and fails if they
 * differ or exceed their limits; `--write` writes them.
 */
const root = resolve(import.meta.dirname, "../..");
const page = join(root, "docs/architecture.md");
const BEGIN = "<!-- trails: `node bench/house/trails.ts --write` -->";
const END = "<!-- /trails -->";
const LIMITS = { ami: 30, approval: 15 } as const;

const trails = trailsOf(root, { days: 4, channels: 2 });
const listed = (files: readonly string[]): string => files.map((file, index) => `${index + 1}. \`${file}\``).join("\n");
const text = [
  BEGIN,
  `**The id of a monthly patch's AMI**, from Image Builder's event to the parameters in consumers' accounts, is an`,
  `argument of a function in ${trails.ami.length} files:`,
  "",
  listed(trails.ami),
  "",
  `**An approval**, from the click in Slack to the task's token, is an argument, or up to two members deep in one, in`,
  `${trails.approval.length} files:`,
  "",
  listed(trails.approval),
  "",
  END,
].join("\n");

const before = readFileSync(page, "utf8");
const [start, end] = [before.indexOf(BEGIN), before.indexOf(END)];
if (start < 0 || end < 0) throw new Error(`docs/architecture.md has no place for the trails: ${BEGIN} ... ${END}`);
const after = before.slice(0, start) + text + before.slice(end + END.length);
if (process.argv.includes("--write")) writeFileSync(page, after);
else if (after !== before) {
  console.error("docs/architecture.md has other trails than the program: `node bench/house/trails.ts --write`.");
  process.exitCode = 1;
}
for (const [name, most] of Object.entries(LIMITS)) {
  const passed = trails[name as keyof typeof LIMITS].length;
  console.log(`${name.padEnd(10)} ${String(passed).padStart(5)} of ${most} files`);
  if (passed > most) process.exitCode = 1;
}
