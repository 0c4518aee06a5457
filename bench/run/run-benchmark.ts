import { fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Benchmark } from "./table.ts";

const root = resolve(import.meta.dirname, "../..");

export interface Result {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly seconds: number;
  /** Why it failed, or what the machine lacks. */
  readonly why?: string;
}

/** Runs a benchmark in a separate process, whose output goes to the terminal. @param mostSeconds default: no limit */
export async function runBenchmark(
  name: string,
  { file, node = [] }: Benchmark,
  args: readonly string[],
  mostSeconds?: number,
): Promise<Result> {
  const began = performance.now();
  const child = fork(resolve(root, file), args, { execArgv: [...node], cwd: root });
  let missing: string | undefined;
  child.on("message", (message) => {
    missing = (message as { missing: string }).missing;
  });
  let overdue = false;
  const limit =
    mostSeconds === undefined
      ? undefined
      : setTimeout(() => {
          overdue = true;
          child.kill("SIGKILL");
        }, mostSeconds * 1_000);
  const [status, signal] = await once(child, "exit");
  clearTimeout(limit);
  const seconds = (performance.now() - began) / 1_000;
  if (overdue) return { name, outcome: "failed", seconds, why: `it did not end within ${mostSeconds} s` };
  if (status !== 0) return { name, outcome: "failed", seconds, why: `${signal ?? `exit status ${status}`}, see above` };
  if (missing !== undefined) return { name, outcome: "skipped", seconds, why: missing };
  return { name, outcome: "passed", seconds };
}
