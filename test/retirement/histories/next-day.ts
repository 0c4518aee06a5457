import { reportsState } from "embedded-aws/state";
import { DAY, EVIDENCE_DAYS, factory } from "./history-factory.ts";
import type { HistoryWorld } from "./history-world.ts";
import type { Life } from "./life.ts";
import { isThere } from "./truth.ts";

/** Days after which a report can change the decision: it arrives, is given up, or another is due. */
const OF_REPORTS = [1, 2, 4];
/** And because of a launch: it is seen, it is long ago. */
const OF_LAUNCHES = [1, 14];
/** The longest time without a check, in case something other than these moments depends on time. */
const MOST = 5;

/**
 * The next day after a quiet one on which retirement's decision can change; the days between can be skipped. A day
 * that is too late only delays retirement.
 * @param planned when the next act happens, in milliseconds since the epoch
 */
export function findNextDay(
  world: HistoryWorld,
  { made, held, revoked, returned }: Life,
  { begin, day, planned }: { readonly begin: number; readonly day: number; readonly planned: number | undefined },
): number {
  const after = (of: number, days: readonly number[]): number[] => days.map((one) => of + one * DAY);
  const there = made.filter(({ images }) => images.some((image) => isThere(world, image)));
  const reports = [...world.aws.places(reportsState)].flatMap(({ state }) => [...state.reports.values()]);
  const moments = [
    ...(planned === undefined ? [] : [planned]),
    ...there.flatMap(({ image, startedAt }) => {
      const { deprecateAfter, disableAfter, retireAfter } = factory.images[image]?.retention ?? never();
      return [deprecateAfter, disableAfter, retireAfter].map((age) => Date.parse(startedAt) + age * 1000);
    }),
    ...reports.flatMap(({ createdAt }) => after(createdAt, OF_REPORTS)),
    ...there.flatMap(({ images }) =>
      images.flatMap(({ launches }) => launches.flatMap((at) => after(at, OF_LAUNCHES))),
    ),
    ...held.values(),
    ...[...revoked.values(), ...returned.values()].flatMap((at) => after(at, [EVIDENCE_DAYS])),
  ].map((at) => Math.ceil((at - begin) / DAY));
  return Math.min(day + MOST, ...moments.filter((one) => one > day));
}

function never(): never {
  throw new Error("All images here have a retention.");
}
