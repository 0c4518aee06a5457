import { loadFactory } from "../cli/load-factory.ts";
import { runMonth } from "../cli/month/run-month.ts";
import { days } from "../cli/month/story.ts";

/** How long the month takes in process, and where: wall time, and processor time of all threads, which other programs disturb less. */
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

console.log(`${"".padEnd(28)}${"wall".padStart(8)}${"processor".padStart(14)}`);
const factory = await loadFactory();
part("loading the program");
const { running } = await runMonth({ factory, port: 0, onPart: (name) => part(titles[name] ?? name) });
print("in all", last.wall, last.processor);
await running.close();
