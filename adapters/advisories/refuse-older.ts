import { FeedFailure } from "./feed-failure.ts";

/**
 * Rejects outdated copies of metadata, which lack later additions. Both times in milliseconds since 1970.
 * @throws FeedFailure `older`
 */
export function refuseOlder(file: string, at: number, notBefore: number | undefined): void {
  if (notBefore === undefined || at >= notBefore) return;
  const [found, before] = [at, notBefore].map((time) => new Date(time).toISOString());
  throw new FeedFailure("older", file, `is of ${found}, older than the last one read, of ${before}`);
}
