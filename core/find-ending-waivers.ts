import type { Waiver } from "./factory/waiver-schema.ts";

/** How long before its end people are told of it. */
const DAYS_BEFORE = 7;
const DAY = 86_400_000;

/** The waivers that stop counting within a week, the first to end first. Those that ended are not among them. */
export function findEndingWaivers(waivers: readonly Waiver[], now: Date): Waiver[] {
  const today = now.toISOString().slice(0, 10);
  const soon = new Date(now.getTime() + DAYS_BEFORE * DAY).toISOString().slice(0, 10);
  return waivers
    .filter(({ until }) => today <= until && until <= soon)
    .toSorted((a, b) => (a.until < b.until ? -1 : a.until > b.until ? 1 : 0));
}
