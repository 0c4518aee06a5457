import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { collectTitles } from "./collect-titles.ts";
import { linkPackages } from "./link-packages.ts";
import { lostTitles, type Replaced, type Title } from "./lost-titles.ts";
import { filesOf, isSized, suites } from "./suites.ts";

/** Titles removed since the revision that CONTRIBUTING names, with their replacements. */
const REPLACED = "test/whole/deep/replaced-titles.json";

new Command("node test/whole/deep/titles.ts")
  .description("Compares the titles of all tests with those of another revision, and fails if one is lost.")
  .argument("<before>", "a revision")
  .action((before: string) => {
    const replaced: Replaced[] = JSON.parse(readFileSync(REPLACED, "utf8"));
    const earlier = titlesOfRevision(before);
    // A part has other titles if it runs other cases than `npm test`.
    const sized = suites.filter(isSized).flatMap(filesOf);
    const now = [...collectTitles("."), ...collectTitles(".", sized, { AMINT_PART: "1/1" })];
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
    return collectTitles(tree);
  } finally {
    execFileSync("git", ["worktree", "remove", "--force", tree], { stdio: "ignore" });
    rmSync(folder, { recursive: true, force: true });
  }
}
