import type { Caller } from "embedded-aws";
import { loadFactory } from "../cli/command/load-factory.ts";
import { runMonth } from "../demo/run-month.ts";
import { days } from "../demo/story.ts";

/**
 * How long the month takes in process, by part: wall time, and processor time of all threads, which other programs affect
 * less. Also the AWS calls by caller, counted where the embedded AWS dispatches them.
 */
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2).padStart(6)} s`;
const print = (what: string, wall: number, processor?: number): void =>
  console.log(`${what.padEnd(28)}${seconds(wall)}${processor === undefined ? "" : seconds(processor).padStart(14)}`);

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

let last = { wall: 0, processor: 0 };
const part = (what: string): void => {
  const now = { wall: performance.now(), processor: processorMs() };
  print(what, now.wall - last.wall, now.processor - last.processor);
  last = now;
};

const titles: Readonly<Record<string, string>> = {
  booted: "boot",
  lived: `${days} days`,
  "read-back": "reading back",
};

const callerName = ({ principal }: Caller): string => {
  if (principal.kind === "service") return principal.service;
  return principal.kind === "role" ? (principal.arn.split("/").at(-1) ?? principal.arn) : "an account";
};

class CallCount {
  readonly #byCaller = new Map<string, Map<string, number>>();
  all = 0;

  add(caller: Caller, call: string): void {
    const name = callerName(caller);
    const calls = this.#byCaller.get(name) ?? new Map<string, number>();
    this.#byCaller.set(name, calls.set(call, (calls.get(call) ?? 0) + 1));
    this.all += 1;
  }

  /** The callers with the most calls, each with its most frequent operations. */
  print(): void {
    const rows = [...this.#byCaller].map(([name, calls]) => {
      const often = [...calls].sort(([, a], [, b]) => b - a);
      return { name, sum: often.reduce((sum, [, count]) => sum + count, 0), often: often.slice(0, 5) };
    });
    console.log(`\n${"calls".padStart(8)}  by`);
    for (const { name, sum, often } of rows.sort((a, b) => b.sum - a.sum)) {
      const most = often.map(([call, count]) => `${call} ${count}`).join(", ");
      console.log(`${String(sum).padStart(8)}  ${name.padEnd(28)} ${most}`);
    }
    console.log(`${String(this.all).padStart(8)}  in total`);
  }
}

console.log(`${"".padEnd(28)}${"wall".padStart(8)}${"processor".padStart(14)}`);
const factory = await loadFactory();
part("loading the program");
const calls = new CallCount();
const { running } = await runMonth({
  factory,
  port: 0,
  onPart: (name, { booted: { aws } }) => {
    part(titles[name] ?? name);
    if (name === "booted") {
      aws.observeCalls(({ service, operation, caller }) => calls.add(caller, `${service}:${operation}`));
    }
  },
});
print("in total", last.wall, last.processor);
calls.print();
await running.close();
