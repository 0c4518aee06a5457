import { execFileSync } from "node:child_process";
import { DURATIONS } from "./parts.ts";
import { type LastRun, RECORDED } from "./results.ts";

const git = (...args: string[]): string =>
  execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** The revision that is tested; what `--record` itself writes is not a change. Empty outside a git checkout. */
export function testedRevision(): Pick<LastRun, "commit" | "dirty"> {
  try {
    const commit = git("rev-parse", "--short=8", "HEAD");
    const changed = git("status", "--porcelain", "--", ".", `:!${RECORDED}`, `:!${DURATIONS}`);
    return { commit, ...(changed && { dirty: true as const }) };
  } catch {
    return {};
  }
}

/** How many commits HEAD has that a revision does not have; undefined if the revision is not in this clone. */
export function commitsSince(revision: string): number | undefined {
  try {
    return Number(git("rev-list", "--count", `${revision}..HEAD`));
  } catch {
    return undefined;
  }
}
