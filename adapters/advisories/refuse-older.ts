import { FeedFailure } from "./feed-failure.ts";

/**
 * An old copy of metadata lacks what was added since. Both times in milliseconds since 1970.
 * @throws FeedFailure `older`
 */
export function refuseOlder(file: string, at: number, notBefore: number | undefined): void {
  if (notBefore === undefined || at >= notBefore) return;
  const [found, before] = [at, notBefore].map((time) => new Date(time).toISOString());
  throw new FeedFailure("older", file, `is of ${found}, older than what was read before, of ${before}`);
}
