import { random } from "embedded-aws/faults";
import { simulateUsageReports } from "embedded-aws/instances";
import { type History, LAST_DAY, type Outage } from "./histories.ts";
import { ACCOUNT, DAY, REGIONS } from "./history-factory.ts";
import type { Around, Asked, HistoryWorld } from "./history-world.ts";

/** The function's environment ended in the middle of an invocation. */
class Killed extends Error {
  override readonly name = "Killed";
}

/** The latest call at which a run crashes: a run sends about fifty, with acts more than a hundred. */
const LONGEST_LIFE = 120;

interface Run {
  calls: number;
  /** Calls until it crashes. */
  left: number;
  /** Outages that affect it. */
  readonly met: Set<Outage>;
  /** Called before each call. */
  heed: (asked: Asked) => void;
  /** A request was refused or lost: the function completes its work the next time. */
  hindered: boolean;
  /** What happens during it, after a number of calls. */
  readonly amid: { readonly at: number; readonly happen: () => Promise<unknown> }[];
}

const isHit = ({ of, from, days, region }: Outage, asked: Asked, day: number): boolean =>
  of === asked.operation && REGIONS[region] === asked.region && day >= from && day < from + days;

/** Applies the history's faults to the retiring function from now on, until its last day. */
export function disturb(world: HistoryWorld, { seed, faults, outages: foreseen }: History, begin: number) {
  const dice = random(seed);
  const reports = random(seed + 1);
  const day = () => (world.clock.now() - begin) / DAY;
  const goesOn = () => day() < LAST_DAY;
  const outages: Outage[] = [...foreseen];
  const run: Run = {
    calls: 0,
    left: Number.POSITIVE_INFINITY,
    hindered: false,
    met: new Set(),
    amid: [],
    heed: () => undefined,
  };
  const around: Around = async (asked, carryOut) => {
    run.calls++;
    run.heed(asked);
    for (const { happen } of run.amid.filter(({ at }) => at === run.calls)) await happen();
    if (run.left-- <= 0) throw new Killed();
    const outage = outages.find((one) => isHit(one, asked, day()) && !(one.once && run.met.has(one)));
    if (outage) run.met.add(outage);
    const refused = () => {
      run.hindered = true;
      return Object.assign(new Error(`${asked.operation} is refused`), { name: "RequestLimitExceeded" });
    };
    if (goesOn() && ((outage && !outage.lost) || dice() < faults.failed)) throw refused();
    const answer = await carryOut();
    if (run.left <= 0) throw new Killed();
    if (goesOn() && (outage?.lost || dice() < faults.failed)) throw refused();
    return answer;
  };
  world.now.around = around;
  for (const region of REGIONS) {
    simulateUsageReports(world.aws, ACCOUNT, region, () => {
      if (!goesOn()) return undefined;
      if (reports() < faults.error) return "error";
      return reports() < faults.pending ? "pending" : undefined;
    });
  }
  return {
    run,
    deny: (denial: Omit<Outage, "from">) => void outages.push({ from: day(), ...denial }),
    /** Before each run: after how many calls it crashes. */
    begin: () => {
      run.calls = 0;
      run.hindered = false;
      run.met.clear();
      const dies = goesOn() && dice() < faults.killed;
      run.left = dies ? Math.floor(LONGEST_LIFE ** dice()) : Number.POSITIVE_INFINITY;
    },
  };
}
