import { oldestByPlan } from "../monitoring/stale-after.ts";
import type { Factory } from "./factory-schema.ts";

const DAY = 86_400;

/** Alarms that would go off although everything goes as planned, or never, because no schedule rebuilds the image. */
export const checkStale = ({ images }: Factory): string[] =>
  Object.entries(images).flatMap(([name, { triggers }]) => {
    const { staleAfter } = triggers;
    if (staleAfter === undefined) return [];
    const at = `images.${name}.triggers.staleAfter`;
    const least = oldestByPlan(images, name);
    if (least === undefined) {
      return [`${at}: needs a schedule, the image's own or that of the parent whose promotions it follows`];
    }
    const days = Math.ceil(least / DAY);
    return staleAfter < days * DAY
      ? [
          `${at}: expected at least "${days}d", the longest time between two dates of the schedule and the soaks ` +
            `together; found ${staleAfter / DAY} day(s)`,
        ]
      : [];
  });
