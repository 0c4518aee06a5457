import type { PatchTuesday } from "./factory/schedule.ts";

/**
 * The cron that runs on every date that can be patch day: the second Tuesday is the 8th to the 14th, so `plusDays`
 * later is one of seven dates. `isPatchDay` tells which of them it is.
 */
export function patchDayCron({ plusDays, at }: PatchTuesday): string {
  const [hour, minute] = at.split(":").map(Number);
  return `cron(${minute} ${hour} ${8 + plusDays}-${14 + plusDays} * ? *)`;
}

/** Whether `instant`, seen in the schedule's time zone, is `plusDays` after its month's second Tuesday. */
export function isPatchDay({ plusDays, timezone }: PatchTuesday, instant: Date): boolean {
  const { year, month, day } = localDate(instant, timezone);
  const patchTuesday = new Date(Date.UTC(year, month - 1, day - plusDays));
  const date = patchTuesday.getUTCDate();
  return patchTuesday.getUTCDay() === 2 && date >= 8 && date <= 14;
}

function localDate(instant: Date, timeZone: string): { year: number; month: number; day: number } {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: "numeric", day: "numeric" })
    .formatToParts(instant)
    .map(({ type, value }) => [type, Number(value)] as const);
  const of = (type: string): number => parts.find(([name]) => name === type)?.[1] ?? 0;
  return { year: of("year"), month: of("month"), day: of("day") };
}
