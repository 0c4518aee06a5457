import type { Blackout } from "../factory/schedule-schema.ts";
import { type Cron, parseCron } from "./cron.ts";
import { firstMoment, lastMoment, toWallTime, wallTime } from "./wall-clock.ts";

type Recurring = Extract<Blackout, { cron: string }>;

export interface ActiveBlackout {
  /** The config's reason; several reasons if blackouts overlap or are adjacent. */
  readonly reason: string;
  /** When the last of the overlapping or adjacent blackouts ends. */
  readonly until: Date;
}

const HOUR_MS = 3_600_000;
/** Limits of the search for the end, in milliseconds and in windows. */
const HORIZON = { ms: 366 * 24 * HOUR_MS, windows: 2_000 };
/** No time zone sets its clocks back by more. */
const SET_BACK_MS = 3 * HOUR_MS;

/**
 * The blackout that keeps builds of `image` from starting at `instant`, if any. If clocks skip a blackout's start or end, the
 * moment of the skip counts; if they show it twice, the first time counts as a start and the last as an end.
 */
export function activeBlackout(
  blackouts: readonly Blackout[],
  image: string,
  instant: Date,
): ActiveBlackout | undefined {
  const reasons = new Set<string>();
  let until = instant.getTime();
  for (const window of windowsFrom(blackouts, image, until)) {
    reasons.add(window.reason);
    until = window.end;
  }
  return reasons.size > 0 ? { reason: [...reasons].join("; "), until: new Date(until) } : undefined;
}

/**
 * The images for which recurring blackouts leave no time to build, from the first window since 2026 on.
 * @param images the names of all images
 */
export function findNeverBuilt(blackouts: readonly Blackout[], images: readonly string[]): string[] {
  const recurring = blackouts.filter((blackout) => "cron" in blackout);
  const beginnings = recurring.map(firstWindow).filter((moment) => moment !== undefined);
  const endless = (image: string, moment: number): boolean => {
    const windows = [...windowsFrom(recurring, image, moment)];
    return windows.length >= HORIZON.windows || (windows.at(-1)?.end ?? 0) - moment >= HORIZON.ms;
  };
  return images.filter((image) => beginnings.some((moment) => endless(image, moment)));
}

interface Window {
  readonly reason: string;
  readonly end: number;
}

/** The adjacent windows from `moment` on, each ending later than those before. */
function* windowsFrom(blackouts: readonly Blackout[], image: string, moment: number): Generator<Window> {
  const windowAt = blackouts.filter(({ images }) => images === undefined || images.includes(image)).map(windowFinder);
  let until = moment;
  for (let count = 0; count < HORIZON.windows && until < moment + HORIZON.ms; ) {
    const before = until;
    for (const find of windowAt) {
      const window = find(until);
      if (!window) continue;
      until = window.end;
      count++;
      yield window;
    }
    if (until === before) return;
  }
}

/** Finds the blackout's window that contains a moment; if there are several, the last one. */
function windowFinder(blackout: Blackout): (moment: number) => Window | undefined {
  const { reason, timezone } = blackout;
  if ("from" in blackout) {
    const start = firstMoment(toWallTime(blackout.from) ?? 0, timezone);
    const end = lastMoment(toWallTime(blackout.to) ?? 0, timezone);
    return (moment) => (start <= moment && moment < end ? { reason, end } : undefined);
  }
  const cron = parseCron(blackout.cron);
  return (moment) => {
    const start = lastStart(cron, timezone, moment);
    const end = (start ?? Number.NEGATIVE_INFINITY) + blackout.duration * 1_000;
    return moment < end ? { reason, end } : undefined;
  };
}

/** The last of a cron's times at or before `moment`. */
function lastStart(cron: Cron, zone: string, moment: number): number | undefined {
  // Clocks that were set back recently have already shown later times than they do now.
  const wall = Math.max(wallTime(moment, zone), wallTime(moment - SET_BACK_MS, zone) + SET_BACK_MS);
  for (let at = cron.upTo(wall); at !== undefined; at = cron.upTo(at - 1_000)) {
    const start = firstMoment(at, zone);
    if (start <= moment) return start;
  }
  return undefined;
}

function firstWindow({ cron, timezone }: Recurring): number | undefined {
  const wall = parseCron(cron).from(Date.UTC(2026, 0, 1));
  return wall === undefined ? undefined : firstMoment(wall, timezone);
}
