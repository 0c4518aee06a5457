import { days } from "../demo/story.ts";
import { calibrate } from "./measure/calibrate.ts";
import { since, type Took, tookSoFar } from "./measure/figures.ts";
import { row } from "./measure/row.ts";
import { isShort, sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";
import { BUDGET, countsOf, overspent, readBudget } from "./month/budget.ts";
import { sumOf } from "./month/count.ts";
import { measureMonth } from "./month/measure.ts";

/**
 * How long the month takes in process, by part: wall time, and processor time of all threads, which other programs affect
 * less. Also the AWS calls by caller, and everything that has a budget.
 */
const DAYS = sized(days, 1);
/** Channels that point at a build in all regions at the end: all of them, or the first channels of the first three builds. */
const CHANNELS = sized(8, 3);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2).padStart(6)} s`;
const print = (what: string, wall: number, processor?: number): void =>
  console.log(`${what.padEnd(28)}${seconds(wall)}${processor === undefined ? "" : seconds(processor).padStart(14)}`);

const titles: Readonly<Record<string, string>> = {
  loaded: "loading the program",
  booted: "boot",
  lived: `${DAYS} day(s)`,
  "read-back": "reading back",
};

const loop = await calibrate();
console.log(`${"".padEnd(28)}${"wall".padStart(8)}${"processor".padStart(14)}`);
const began = tookSoFar();
let last: Took = began;
const measured = await measureMonth(DAYS, (part) => {
  const { wall, processor } = since(last);
  last = tookSoFar();
  print(titles[part] ?? part, wall, processor);
});
const whole = { wall: last.wall - began.wall, processor: last.processor - began.processor };
print("in total", whole.wall, whole.processor);

const found = countsOf(measured);
const calls = sumOf(found.calls);
console.log(`\n${"calls".padStart(8)}${"invoked".padStart(9)}  by`);
for (const [name, count] of Object.entries(found.calls)) {
  const invoked = String(found.invocations[name] ?? "").padStart(9);
  console.log(`${String(count).padStart(8)}${invoked}  ${name.padEnd(30)} ${measured.calls.mostOf(name)}`);
}
console.log(`${String(calls).padStart(8)}${String(sumOf(found.invocations)).padStart(9)}  in total\n`);

const targets = new Targets();
const budget = readBudget(BUDGET);
const ratio = whole.processor / loop;
row("state transitions", String(sumOf(found.transitions)), `budget ${sumOf(budget.transitions)}`);
row("live heap, MiB", measured.heapMiB.toFixed(0), `budget ${budget.heapMiB}`);
row("resident memory at its largest, MiB", measured.residentMiB.toFixed(0), `budget ${budget.residentMiB}`);
row(
  "processor time, in calibration loops",
  ratio.toFixed(1),
  `budget ${budget.processor}; a loop took ${loop.toFixed(0)} ms`,
);
targets.equal("counts above the budget", overspent(found, budget).join("; "), "");
if (!isShort) targets.atMost("MiB of live heap", Math.round(measured.heapMiB), budget.heapMiB);

const { channels, factory, parked, heard } = measured.report;
const isEverywhere = ({ amis }: (typeof channels)[number]): boolean =>
  Object.keys(amis).length === factory.regions.length;
targets.equal("channels that point at a build in all regions", channels.filter(isEverywhere).length, CHANNELS);
const parkedEvents = parked.reduce((sum, { messages }) => sum + messages, 0);
targets.equal("events in dead-letter queues", parkedEvents, 0);
targets.atLeast("notices", heard.length, 1);
targets.atLeast("calls of AWS", calls, 1_000);
targets.say();
