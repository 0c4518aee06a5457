import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Blueprint } from "embedded-aws/deploy";
import { loadFactory } from "../../cli/command/load-factory.ts";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import type { MeasuredMonth as Use } from "../../core/cost/measured-month.ts";
import { type LivedMonth, runMonth } from "../../demo/run-month.ts";
import { begin } from "../../demo/story.ts";
import { CallCount, type Counts, countInvocations, countTransitions } from "./count.ts";
import { measureUse } from "./measured-month.ts";

const DAY = 86_400_000;

export interface MeasuredMonth {
  readonly report: LivedMonth["report"];
  readonly calls: CallCount;
  readonly invocations: Counts;
  readonly transitions: Counts;
  readonly use: Use;
  /** What is reachable at the end, in MiB. */
  readonly heapMiB: number;
  /** The process's memory at its largest, in MiB. */
  readonly residentMiB: number;
}

/**
 * Runs the example's month and counts what its factory does after it was deployed.
 * @param onPart called after each part: `loaded`, `booted`, `lived`, `read-back`
 */
export async function measureMonth(days: number, onPart: (part: string) => void = () => {}): Promise<MeasuredMonth> {
  const factory = await loadFactory();
  const blueprint: Blueprint = await readBlueprint();
  onPart("loaded");
  let calls: CallCount | undefined;
  const { report, running } = await runMonth({
    factory,
    blueprint,
    port: 0,
    until: begin + days * DAY,
    onBooted({ booted: { aws } }) {
      onPart("booted");
      calls = new CallCount(aws);
    },
    narration: { end: () => onPart("lived") },
  });
  onPart("read-back");
  if (!calls) throw new Error("The month did not boot.");
  const { aws } = running.booted;
  const residentMiB = process.resourceUsage().maxRSS / 1_024;
  const heapMiB = liveHeapMiB();
  calls.stop();
  const transitions = countTransitions(aws);
  const invocations = await countInvocations(aws, blueprint);
  const use = await measureUse({ factory, blueprint, running, calls, invocations, transitions, begin, days });
  await running.close();
  return { report, calls, heapMiB, residentMiB, transitions, invocations, use };
}

function liveHeapMiB(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
