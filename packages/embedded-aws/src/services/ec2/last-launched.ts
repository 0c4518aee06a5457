import type { Image } from "./state.ts";

/** A launch is reported a day later (EC2 API reference, DescribeImageAttribute, lastLaunchedTime). */
const REPORTED_AFTER_MS = 86_400_000;

export function reportLaunch(image: Image, now: number): void {
  const reported = lastLaunched(image, now);
  const recent = image.launches.filter((at) => at + REPORTED_AFTER_MS > now && at !== now);
  image.launches = [...(reported === undefined ? [] : [reported]), ...recent, now];
}

/** Milliseconds since the epoch; undefined where no launch has been reported. */
export const lastLaunched = (image: Image, now: number): number | undefined =>
  image.launches.findLast((at) => at + REPORTED_AFTER_MS <= now);
