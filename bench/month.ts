import type { Caller } from "embedded-aws";
import { loadFactory } from "../cli/command/load-factory.ts";
import { runMonth } from "../demo/run-month.ts";
import { begin, days } from "../demo/story.ts";
import { since, type Took, tookSoFar } from "./measure/figures.ts";
import { sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";

/**
 * How long the month takes in process, by part: wall time, and processor time of all threads, which other programs affect
 * less. Also the AWS calls by caller, counted where the embedded AWS dispatches them.
 */
const DAYS = sized(days, 1);
/** Channels that point at a build in all regions at the end: all of them, or the first channels of the first three builds. */
const CHANNELS = sized(8, 3);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2).padStart(6)} s`;
const print = (what: string, wall: number, processor?: number): void =>
  console.log(`${what.padEnd(28)}${seconds(wall)}${processor === undefined ? "" : seconds(processor).padStart(14)}`);

let last: Took = { wall: 0, processor: 0 };
const part = (what: string): void => {
  const { wall, processor } = since(last);
  last = tookSoFar();
  print(what, wall, processor);
};

const titles: Readonly<Record<string, string>> = {
  booted: "boot",
  lived: `${DAYS} day(s)`,
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
const { report, running } = await runMonth({
  factory,
  port: 0,
  until: begin + DAYS * 86_400_000,
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

const { images, regions, parked, heard } = report;
const targets = new Targets();
const isEverywhere = ({ amis }: (typeof images)[number]): boolean => Object.keys(amis).length === regions.length;
targets.equal("channels that point at a build in all regions", images.filter(isEverywhere).length, CHANNELS);
const parkedEvents = parked.reduce((sum, { messages }) => sum + messages, 0);
targets.equal("events in dead-letter queues", parkedEvents, 0);
targets.atLeast("notices", heard.length, 1);
targets.atLeast("calls of AWS", calls.all, 1_000);
targets.say();
