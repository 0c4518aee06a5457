import { Cron } from "croner";

/** Times on the wall, as if they were UTC: the next one after `wall`, in milliseconds. */
export type WallTimes = (wall: number) => number | undefined;

const YEARS = { first: 1970, last: 2199 };

/**
 * Reads the six fields of an AWS cron (minutes, hours, day of month, month, day of week from 1 = SUN, year).
 * @returns undefined for what AWS refuses: exactly one of the two day fields must be `?`.
 */
export function parseCron(fields: string): WallTimes | undefined {
  const parts = fields.split(/\s+/);
  if (parts.length !== 6) return undefined;
  const [minutes = "", hours = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = parts;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return undefined;
  if (!isYear(year) || !isWeekday(dayOfWeek)) return undefined;
  // Croner would count steps of years from 0 on.
  const years = year.replaceAll("*/", `${YEARS.first}/`);
  const pattern = ["0", minutes, hours, either(dayOfMonth), month, either(lastDay(dayOfWeek)), years].join(" ");
  if (pattern.includes("?")) return undefined;
  try {
    const cron = new Cron(pattern, {
      paused: true,
      // The zone is applied outside, since AWS treats skipped and repeated hours in its own way.
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

const either = (field: string): string => (field === "?" ? "*" : field);

/** A bare `L` is the last day of the week, Saturday. */
const lastDay = (field: string): string => (field === "L" ? "7" : field);

/** One expression where there is a `#`, and no day beside 1 to 7 ("Schedule types", and the cron reference of EventBridge). */
const isWeekday = (field: string): boolean =>
  field.includes("#") ? /^([1-7]|[A-Z]{3})#[1-5]$/i.test(field) : !/\b[089]\b/.test(field);

const isYear = (field: string): boolean =>
  (field.match(/\d{3,}/g) ?? []).map(Number).every((year) => year >= YEARS.first && year <= YEARS.last);
