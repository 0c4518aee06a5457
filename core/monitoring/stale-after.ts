import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import { nextDates } from "../schedule/next-dates.ts";

/** Seconds. */
const DAY = 86_400;
const USUAL = 40 * DAY;
/** For people to answer, and for a build that has to be made twice. */
const MARGIN = 4 * DAY;

/** Dates enough to see the longest time between two of them: months of five weeks come twice a year. */
const DATES = 30;
const FROM = new Date("2026-01-01T00:00:00Z");

/**
 * How old, in seconds, what a channel gives people may become before an alarm says so: what the config says, else forty
 * days, or more where the schedule is slower. Undefined where no schedule rebuilds the image, not even its parent's.
 */
export function staleAfter(images: Factory["images"], name: string): number | undefined {
  const least = oldestByPlan(images, name);
  if (least === undefined) return undefined;
  return images[name]?.triggers.staleAfter ?? Math.max(USUAL, Math.ceil((least + MARGIN) / DAY) * DAY);
}

/**
 * How old, in seconds, the build in an image's last channel gets when all goes as planned: the longest time between two
 * dates of the schedule, and all soaks on the way.
 */
export const oldestByPlan = (images: Factory["images"], name: string): number | undefined =>
  oldest(images, name, new Set());

/** @param children whose parent it is: a config may say by mistake that it is its own */
function oldest(images: Factory["images"], name: string, children: ReadonlySet<string>): number | undefined {
  const image = images[name];
  const between = image && !children.has(name) ? timeBetween(images, image, new Set([...children, name])) : undefined;
  return between === undefined ? undefined : (image?.channels ?? []).reduce((sum, { soak }) => sum + soak, between);
}

function timeBetween(
  images: Factory["images"],
  { parent, triggers }: Image,
  children: ReadonlySet<string>,
): number | undefined {
  const { schedule } = triggers;
  if (!schedule) return triggers.parent && "image" in parent ? oldest(images, parent.image, children) : undefined;
  const dates = nextDates(schedule, FROM, DATES).map((date) => date.getTime() / 1_000);
  return dates.slice(1).reduce((most, date, n) => Math.max(most, date - (dates[n] ?? date)), 0);
}
