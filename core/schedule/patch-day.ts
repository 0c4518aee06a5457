import { momentsOf, wallTime } from "./wall-clock.ts";

/** A time on a day after each month's second Tuesday, from the factory's config. */
interface PatchTuesday {
  readonly plusDays: number;
  /** `HH:MM` */
  readonly at: string;
  /** IANA time zone. */
  readonly timezone: string;
}

/** Weekdays and dates repeat after 28 years, so these years cover all patch days before 2100. */
const YEARS = { first: 2026, last: 2026 + 27 };

/**
 * The cron that runs on every date that can be patch day: the second Tuesday is the 8th to the 14th, so `plusDays` later is
 * one of seven dates. `isPatchDay` decides which one it is.
 */
export function patchDayCron({ plusDays, at }: PatchTuesday): string {
  const { hour, minute } = timeOfDay(at);
  return `cron(${minute} ${hour} ${8 + plusDays}-${14 + plusDays} * ? *)`;
}

/**
 * Whether `instant`, in the schedule's time zone, is `plusDays` after its month's second Tuesday. `instant` is the scheduled
 * time: with a flexible window the invocation may be after midnight.
 */
export function isPatchDay(
  { plusDays, timezone }: Pick<PatchTuesday, "plusDays" | "timezone">,
  instant: Date,
): boolean {
  const local = new Date(wallTime(instant.getTime(), timezone));
  return local.getUTCDate() === patchDate(local.getUTCFullYear(), local.getUTCMonth(), plusDays);
}

/** The first patch day on which clocks skip the schedule's time: Scheduler would not run in that month. */
export function findSkippedPatchDay({ plusDays, at, timezone }: PatchTuesday): Date | undefined {
  const { hour, minute } = timeOfDay(at);
  for (let month = YEARS.first * 12; month < (YEARS.last + 1) * 12; month++) {
    const [year, ofYear] = [Math.floor(month / 12), month % 12];
    const wall = Date.UTC(year, ofYear, patchDate(year, ofYear, plusDays), hour, minute);
    if (momentsOf(wall, timezone).length === 0) return new Date(wall);
  }
  return undefined;
}

/** The date of the second Tuesday, `plusDays` later. `month` counts from 0. */
function patchDate(year: number, month: number, plusDays: number): number {
  const weekdayOfThe8th = new Date(Date.UTC(year, month, 8)).getUTCDay();
  return 8 + ((2 - weekdayOfThe8th + 7) % 7) + plusDays;
}

function timeOfDay(at: string): { hour: number; minute: number } {
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  return { hour, minute };
}
