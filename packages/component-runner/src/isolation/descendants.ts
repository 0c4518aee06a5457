import { readdirSync, readFileSync } from "node:fs";

/** @param file such as `cgroup.procs`: one process id per line */
export const readPids = (file: string): number[] => readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number);

/** These processes and all their descendants. */
export function withDescendants(pids: readonly number[]): number[] {
  const children = Map.groupBy(runningPids(), parentOf);
  const found = [...pids];
  // Grows during the loop.
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

const runningPids = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** By proc_pid_stat(5): the second field is a name in parentheses that can contain any character. */
function parentOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

export function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Processes with this `NAME=value` in their environment, as far as this user can read it. */
export const withVariable = (variable: string): number[] =>
  runningPids().filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(variable);
    } catch {
      return false;
    }
  });
