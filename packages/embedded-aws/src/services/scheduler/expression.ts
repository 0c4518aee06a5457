import { Cron } from "croner";
import { AwsError } from "../../engine/operation.ts";

/** The times of a schedule. Times are milliseconds since the epoch. */
export interface Expression {
  /** The next time after `moment`. `start` is where a rate begins. Undefined: never again. */
  next(moment: number, start: number): number | undefined;
}

const UNITS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Parses `at(yyyy-mm-ddThh:mm:ss)`, `rate(5 minutes)` or `cron(0 3 ? * 3#2 *)`.
 * Source: EventBridge Scheduler user guide, "Schedule types".
 */
export function parseExpression(text: string, zone: string): Expression {
  const [, kind, inner = ""] = /^(at|rate|cron)\((.*)\)$/s.exec(text) ?? [];
  const expression =
    kind === "at"
      ? parseAt(inner, zone)
      : kind === "rate"
        ? parseRate(inner)
        : kind === "cron"
          ? parseCron(inner, zone, schedulerWeekday)
          : undefined;
  if (!expression) throw new AwsError("ValidationException", `Invalid Schedule Expression ${text}.`);
  return expression;
}

function parseAt(text: string, zone: string): Expression | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  const wall = Date.parse(`${text}Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(text)) return undefined;
  const due = momentOf(wall, zone);
  return { next: (moment) => (due !== undefined && due > moment ? due : undefined) };
}

/** The text within `rate(...)`. @returns undefined if AWS would refuse it */
export function parseRate(text: string): Expression | undefined {
  const [, count, period] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  if (count === undefined || period === undefined) return undefined;
  const every = Number(count) * UNITS_MS[period as keyof typeof UNITS_MS];
  return {
    next: (moment, start) => (moment < start ? start : start + (Math.floor((moment - start) / every) + 1) * every),
  };
}

/** A service's day-of-week field as croner writes it, with days from 1 = SUN; undefined if the service refuses it. */
export type Weekday = (field: string) => string | undefined;

/** The text within `cron(...)`. @returns undefined if AWS would refuse it */
export function parseCron(fields: string, zone: string, weekday: Weekday): Expression | undefined {
  const wallTimes = wallTimesOf(fields, weekday);
  if (!wallTimes) return undefined;
  return {
    next(moment, start) {
      const from = Math.max(moment, start - 1);
      for (let wall = wallTimes(wallTime(from, zone) - 1); wall !== undefined; wall = wallTimes(wall)) {
        const due = momentOf(wall, zone);
        if (due !== undefined && due > from) return due;
      }
      return undefined;
    },
  };
}

/** Local times as if they were UTC: the next one after `wall`, in milliseconds. */
type WallTimes = (wall: number) => number | undefined;

const YEARS = { first: 1970, last: 2199 };

/**
 * Parses the six fields of an AWS cron (minutes, hours, day of month, month, day of week from 1 = SUN, year).
 * @returns undefined if AWS would refuse it: exactly one of the two day fields must be `?`
 */
function wallTimesOf(fields: string, weekday: Weekday): WallTimes | undefined {
  const parts = fields.split(/\s+/);
  if (parts.length !== 6) return undefined;
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = parts;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return undefined;
  const days = dayOfWeek === "?" ? "*" : weekday(dayOfWeek);
  if (!isYear(year) || days === undefined) return undefined;
  // Croner would count steps of years from 0.
  const years = year.replaceAll("*/", `${YEARS.first}/`);
  const pattern = ["0", minutes, hours, dayOfMonth === "?" ? "*" : dayOfMonth, month, days, years].join(" ");
  if (pattern.includes("?")) return undefined;
  try {
    const cron = new Cron(pattern, {
      paused: true,
      // The zone is applied outside, since AWS has its own rules for skipped and repeated hours.
      timezone: "UTC",
      mode: "7-part",
      alternativeWeekdays: true,
      domAndDow: true,
      // `5/15` is every 15th from 5 on, as in AWS.
      sloppyRanges: true,
    });
    return (wall) => cron.nextRun(new Date(wall))?.getTime();
  } catch {
    return undefined;
  }
}

/**
 * `L` alone is the last day of the week, Saturday. A `#` allows only a single expression with a day from 1 to 7
 * ("Schedule types", and the cron reference of EventBridge).
 */
export function schedulerWeekday(field: string): string | undefined {
  if (field === "L") return "7";
  const isKnown = field.includes("#") ? /^([1-7]|[A-Z]{3})#[1-5]$/i.test(field) : !/\b[089]\b/.test(field);
  return isKnown ? field : undefined;
}

const isYear = (field: string): boolean =>
  (field.match(/\d{3,}/g) ?? []).map(Number).every((year) => year >= YEARS.first && year <= YEARS.last);

const DAY_MS = 24 * 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether a name is in the IANA time zone database. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The local time in a zone at a moment, as if it were UTC. */
function wallTime(moment: number, zone: string): number {
  const parts = formatOf(zone).formatToParts(moment);
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

/**
 * The moment of a local time. Undefined if clocks skip it in spring; the first of two if they repeat it in autumn:
 * Scheduler skips the former and runs once in the latter (Scheduler user guide, "Daylight savings time").
 */
function momentOf(wall: number, zone: string): number | undefined {
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
