import type { Feed } from "../../core/advisories/feed.ts";
import { readCsafFeed } from "./csaf/read-csaf-feed.ts";
import { readDebianFeed } from "./debian/read-debian-feed.ts";
import { FeedFailure } from "./feed-failure.ts";
import type { FeedReading, FeedRevision } from "./feed-reading.ts";
import { boundsOf, type FeedLimits } from "./fetch-file.ts";
import { readMsrcFeed } from "./msrc/read-msrc-feed.ts";
import { readRpmFeed } from "./rpm/read-rpm-feed.ts";

/**
 * Reads what a vendor says about fixed packages. What it returns was verified whole: every checksum, and the signature
 * where the feed has keys. Every failure is thrown; none is ever read as "no updates".
 * @param options.interested whether a package's name is asked about; advisories come only as far as they name such ones
 * @param options.now in milliseconds since 1970: metadata can be out of date
 * @param options.known the revision that an earlier reading gave; only with the same `interested`
 * @param options.probe asks only whether it is another revision
 * @param options.since of a feed of documents, only what changed after this time; left out, what changed in the last days
 * @param options.notBefore when the metadata that was read last was made: an older one is an old copy, and fails
 * @throws FeedFailure with a code, the file's address, and what was found
 */
export async function readFeed(
  feed: Feed,
  options: {
    readonly interested: (packageName: string) => boolean;
    readonly now: number;
    readonly known?: FeedRevision | undefined;
    readonly probe?: true;
    readonly since?: number | undefined;
    readonly notBefore?: number | undefined;
    readonly limits?: Partial<FeedLimits>;
  },
): Promise<FeedReading> {
  const { interested, now, known, probe, since, notBefore = known?.at } = options;
  if (feed.needsKey) throw new FeedFailure("unusable-key", feed.url, NEEDS_KEY);
  const bounds = boundsOf(feed.url, feed.standIn, options.limits);
  const settings = {
    interested,
    now,
    bounds,
    ...(known && { known }),
    ...(probe && { probe }),
    ...(since !== undefined && { since }),
    ...(notBefore !== undefined && { notBefore }),
  };
  switch (feed.kind) {
    case "rpm":
      return readRpmFeed(feed, settings);
    case "debian":
      return readDebianFeed(feed, settings);
    case "csaf":
      return readCsafFeed(feed, settings);
    case "msrc":
      return readMsrcFeed(feed, settings);
  }
}

const NEEDS_KEY =
  "is a mirror of metadata that its vendor does not sign. Give the mirror's OpenPGP key in the secret FeedMirrors, or name the operating system in feeds.unverified of factory.config.ts";
