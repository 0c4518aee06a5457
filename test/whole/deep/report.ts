import { type LastRun, type LastRuns, lastRunsOf } from "./results.ts";

/**
 * When each part last ran, on which commit, with what result: parts that never ran, then the others, oldest first; then
 * the counts.
 * @param commitsSince how many commits HEAD has that a revision does not have
 */
export function reportLines(
  ids: readonly string[],
  runs: LastRuns,
  commitsSince: (revision: string) => number | undefined,
): string[] {
  const last = lastRunsOf(ids, runs);
  const ran = Object.entries(last).map(([id, run]) => ({ id, run }));
  const never = ids.filter((id) => !last[id]);
  const oldestFirst = ran.toSorted((one, other) => one.run.at.localeCompare(other.run.at));
  const since = new Map([...new Set(ran.map(({ run }) => run.commit ?? ""))].map((one) => [one, commitsSince(one)]));
  return [
    ...never.map((id) => `never ran  ${id}`),
    ...oldestFirst.map(
      ({ id, run }) => `${run.at}  ${revisionOf(run, since.get(run.commit ?? ""))}  ${resultOf(run)}  ${id}`,
    ),
    `${ids.length} part(s): ${never.length} never ran, ${ran.filter(({ run }) => run.failed > 0).length} failed, ` +
      `${ran.filter(({ run }) => run.skipped > 0).length} skipped tests`,
  ];
}

/** `a6529f37 +12 dirty`: the commit, the commits since, and whether the tree had changes. */
function revisionOf({ commit, dirty }: LastRun, since: number | undefined): string {
  const revision = commit ? `${commit} ${since === undefined ? "(not in this clone)" : `+${since}`}` : "no commit";
  return `${revision}${dirty ? " dirty" : ""}`.padEnd(20);
}

function resultOf({ passed, failed, skipped, seconds }: LastRun): string {
  const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean);
  return `${failed > 0 ? "FAILED" : "passed"} ${String(seconds).padStart(4)} s, ${counts.join(", ")}`;
}
