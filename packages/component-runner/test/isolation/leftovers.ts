import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";

const lines = (text: string) => text.split("\n").filter(Boolean);
const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

/** Processes, mounts and files on the machine that belong to a process by its id: `component-runner-<id>-...`. */
export function leftoversOf(pid: number): string[] {
  const mark = `component-runner-${pid}-`;
  const trees = ["", "unified", "memory", "pids"].map((name) => `/sys/fs/cgroup/${name}`);
  return [
    ...lines(readFileSync("/proc/self/mountinfo", "utf8")),
    ...(existsSync("/sbin/losetup") ? lines(execFileSync("/sbin/losetup", ["--list", "--noheadings"]).toString()) : []),
    ...lines(execFileSync("ps", ["-eo", "args"]).toString()),
    ...namesIn(tmpdir()),
    ...trees.flatMap(namesIn),
  ].filter((line) => line.includes(mark) || /sleep 555[12]/.test(line));
}
