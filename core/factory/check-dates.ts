import { nextDates } from "../schedule/next-dates.ts";
import type { Factory } from "./factory-schema.ts";

export interface DatedFault {
  /** A path of the config. */
  readonly where: string;
  readonly what: string;
  /** What is over does no harm; a schedule without dates builds nothing. */
  readonly harmless: boolean;
}

/** What the config's dates say from `now` on: schedules that never fire, and waivers and blackouts that are over. */
export function checkDates({ images, waivers, blackouts }: Factory, now: Date): DatedFault[] {
  const today = now.toISOString().slice(0, 10);
  return [
    ...Object.entries(images).flatMap(([name, { triggers }]) => {
      const { schedule } = triggers;
      if (!schedule || nextDates(schedule, now, 1).length > 0) return [];
      const where = `images.${name}.triggers.schedule`;
      return [{ where, what: `never fires: no date is left after ${today}`, harmless: false }];
    }),
    ...waivers.flatMap(({ until, finding }, nth) =>
      until < today
        ? [{ where: `waivers[${nth}].until`, what: `the waiver of ${finding} ended on ${until}`, harmless: true }]
        : [],
    ),
    ...blackouts.flatMap((blackout, nth) =>
      "to" in blackout && blackout.to.slice(0, 10) < today
        ? [{ where: `blackouts[${nth}].to`, what: `the blackout ended on ${blackout.to}`, harmless: true }]
        : [],
    ),
  ];
}
