import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { linkPackages } from "./link-packages.ts";
import { lostTitles, type Replaced, type Title } from "./lost-titles.ts";
import { filesOf, isSized, suites } from "./suites.ts";

/** Titles removed since the revision that CONTRIBUTING names, with their replacements. */
const REPLACED = "test/whole/deep/replaced-titles.json";

new Command("node test/whole/deep/titles.ts")
  .description("Compares the titles of all tests with those of another revision, and fails if one is lost.")
  .argument("<before>", "a revision, or a JSON file that `vitest list --staticParse=false --json=<file>` wrote")
  .action((before: string) => {
    const replaced: Replaced[] = JSON.parse(readFileSync(REPLACED, "utf8"));
    const earlier = before.endsWith(".json") ? titlesFrom(before, "") : titlesOfRevision(before);
    // A part has other titles if it runs other cases than `npm test`.
    const sized = suites.filter(isSized).flatMap(filesOf);
    const now = [...titlesIn("."), ...titlesIn(".", sized, { AMINT_PART: "1/1" })];
    const { lost, useless } = lostTitles(earlier, now, replaced);
    for (const { file, name } of lost) console.error(`Lost: ${file}: ${name}`);
    for (const { before: pattern } of useless) console.error(`${REPLACED}: nothing lost is named ${pattern}`);
    console.log(`${earlier.length} titles before, ${lost.length} lost, ${replaced.length} entries in ${REPLACED}`);
    if (lost.length + useless.length > 0) process.exitCode = 1;
  })
  .parse();

/** The titles of a revision, from a separate work tree that shares the installed packages. */
function titlesOfRevision(revision: string): Title[] {
  const folder = mkdtempSync(join(tmpdir(), "amint-titles-"));
  const tree = join(folder, "tree");
  try {
    execFileSync("git", ["worktree", "add", "--detach", tree, revision], { stdio: "ignore" });
    linkPackages(tree);
    // Cases recorded from AWS lie beside the tree.
    symlinkSync(resolve("../shared"), join(folder, "shared"));
    return titlesIn(tree);
  } finally {
    execFileSync("git", ["worktree", "remove", "--force", tree], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Collects each file's tests by running it, because titles can come from data. */
function titlesIn(tree: string, files: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Title[] {
  const folder = mkdtempSync(join(tmpdir(), "amint-titles-"));
  const file = join(folder, "titles.json");
  try {
    const vitest = resolve("node_modules/vitest/vitest.mjs");
    execFileSync(process.execPath, [vitest, "list", ...files, "--staticParse=false", `--json=${file}`], {
      cwd: tree,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    return titlesFrom(file, resolve(tree));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function titlesFrom(file: string, tree: string): Title[] {
  const listed: Title[] = JSON.parse(readFileSync(file, "utf8"));
  return listed.map(({ name, file: path }) => ({ name, file: relative(tree, path) }));
}
