import type { Schedule } from "../factory/schedule-schema.ts";
import { type Cron, parseExpression } from "./cron.ts";
import { isPatchDay, patchDayCron } from "./patch-day.ts";
import { momentsOf, wallTime } from "./wall-clock.ts";

/**
 * The next `count` dates of a schedule at or after `from`; fewer if it ends before. A rate counts from the creation of the
 * schedule, which the config does not know: the dates are those of a schedule created at `from`.
 * Source: EventBridge Scheduler user guide, "Schedule types".
 */
export function nextDates(schedule: Schedule, from: Date, count: number): Date[] {
  const expression = parseExpression(expressionOf(schedule));
  if (expression.kind === "rate") {
    return Array.from({ length: count }, (_, nth) => new Date(from.getTime() + nth * expression.everyMs));
  }
  const dates: Date[] = [];
  for (const date of datesOf(expression.cron, schedule.timezone, from)) {
    if (dates.length === count) break;
    if (schedule.kind === "expression" || isPatchDay(schedule, date)) dates.push(date);
  }
  return dates;
}

/** The expression for EventBridge Scheduler. Patch day cannot be expressed as a cron: it runs on each date that can be it. */
export const expressionOf = (schedule: Schedule): string =>
  schedule.kind === "patch-tuesday" ? patchDayCron(schedule) : schedule.expression;

/**
 * A cron's dates in a time zone. A time that clocks skip in spring is skipped; a time that they show twice in autumn counts
 * once, at the first occurrence (Scheduler user guide, "Daylight savings time", does not say which one).
 */
function* datesOf(cron: Cron, zone: string, from: Date): Generator<Date> {
  let wall = cron.from(wallTime(from.getTime(), zone));
  while (wall !== undefined) {
    const [moment] = momentsOf(wall, zone);
    if (moment !== undefined && moment >= from.getTime()) yield new Date(moment);
    wall = cron.from(wall + 1_000);
  }
}
