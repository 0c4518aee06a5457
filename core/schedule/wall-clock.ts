/**
 * A local time, in milliseconds as if it were UTC: `Date.UTC(2026, 2, 29, 3)` is three o'clock on 29 March 2026 in any time
 * zone.
 */
export type WallTime = number;

// The embedded Scheduler intentionally has a separate implementation of time zones and crons: it does not depend on the
// factory, and test/factory/schedule/ compares both.

const DAY_MS = 24 * 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The local time of an IANA time zone at a moment in milliseconds since the epoch. */
export function wallTime(moment: number, zone: string): WallTime {
  const parts = formatOf(zone).formatToParts(moment);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

/** Parses `2026-12-19T08:00`; undefined if the date or the time of day does not exist. */
export function toWallTime(text: string): WallTime | undefined {
  const wall = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(text) ? wall : undefined;
}

/** The moments at which clocks show a time: none if they skip it in spring, two if they repeat it in autumn. */
export function momentsOf(wall: WallTime, zone: string): number[] {
  const moments = candidates(wall, zone);
  return moments.length === 1 ? moments : moments.filter((moment) => wallTime(moment, zone) === wall);
}

/** The first moment at which clocks show a time; if they skip it, the moment of the skip. */
export const firstMoment = (wall: WallTime, zone: string): number => momentsOf(wall, zone)[0] ?? skip(wall, zone);

/** The last moment at which clocks show a time; if they skip it, the moment of the skip. */
export const lastMoment = (wall: WallTime, zone: string): number => momentsOf(wall, zone).at(-1) ?? skip(wall, zone);

/** The moments of a time with the zone's offsets of the day before and the day after, in order. */
function candidates(wall: WallTime, zone: string): number[] {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => wallTime(near, zone) - near);
  return [...new Set(offsets)].map((offset) => wall - offset).sort((one, other) => one - other);
}

/** When clocks skip `wall`: bisects the span between its moments in standard time and daylight saving time. */
function skip(wall: WallTime, zone: string): number {
  let [before = wall, after = wall] = candidates(wall, zone);
  while (after - before > 1_000) {
    const middle = before + Math.floor((after - before) / 2_000) * 1_000;
    if (wallTime(middle, zone) < wall) before = middle;
    else after = middle;
  }
  return after;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, format);
  return format;
}
