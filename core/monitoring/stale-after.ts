import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import { nextDates } from "../schedule/next-dates.ts";

/** Seconds. */
const DAY = 86_400;
const USUAL = 40 * DAY;
/** Time for approvers to answer, and for a second build after a failure. */
const MARGIN = 4 * DAY;

/** Enough dates to include the longest interval of a schedule, such as a month with five weeks. */
const DATES = 30;
const FROM = new Date("2026-01-01T00:00:00Z");

/**
 * The age in seconds at which a channel's build raises an alarm: the config's `staleAfter`, else forty days, or more if the
 * schedule is slower. Undefined if neither the image nor its parent has a schedule.
 */
export function staleAfter(images: Factory["images"], name: string): number | undefined {
  const least = oldestByPlan(images, name);
  if (least === undefined) return undefined;
  return images[name]?.triggers.staleAfter ?? Math.max(USUAL, Math.ceil((least + MARGIN) / DAY) * DAY);
}

/**
 * The highest age in seconds of the build in an image's last channel if everything works: the longest interval of the
 * schedule, and all soak times.
 */
export const oldestByPlan = (images: Factory["images"], name: string): number | undefined =>
  oldest(images, name, new Set());

/** @param children its descendants so far: an invalid config may contain a cycle */
function oldest(images: Factory["images"], name: string, children: ReadonlySet<string>): number | undefined {
  const image = images[name];
  const between = image && !children.has(name) ? timeBetween(images, image, new Set([...children, name])) : undefined;
  return between === undefined
    ? undefined
    : (image?.channels ?? []).reduce((sum, { soak }) => sum + soak.usual, between);
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
