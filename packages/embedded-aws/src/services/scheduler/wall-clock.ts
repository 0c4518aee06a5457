import { AwsError } from "../../engine/aws-error.ts";

const DAY_MS = 24 * 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Refuses a name that is no IANA time zone. */
export function checkTimeZone(zone: string): void {
  try {
    formatOf(zone);
  } catch {
    throw new AwsError("ValidationException", `Invalid ScheduleExpressionTimezone ${zone}.`);
  }
}

/** What clocks on the wall show in a time zone at a moment, as if it were UTC. */
export function wallTime(moment: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(moment);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

/**
 * The moment a wall shows a time. Undefined where clocks skip it in spring; the first of the two where they repeat it in
 * autumn: Scheduler skips the one and runs once in the other (Scheduler user guide, "Daylight savings time").
 */
export function momentOf(wall: number, zone: string): number | undefined {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((near) => wallTime(near, zone) - near);
  const moments = offsets.map((offset) => wall - offset).filter((moment) => wallTime(moment, zone) === wall);
  return moments.length > 0 ? Math.min(...moments) : undefined;
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
