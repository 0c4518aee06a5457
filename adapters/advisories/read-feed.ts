import type { Feed } from "../../core/advisories/feed.ts";
import { readCsafFeed } from "./csaf/read-csaf-feed.ts";
import { readDebianFeed } from "./debian/read-debian-feed.ts";
import { FeedFailure } from "./feed-failure.ts";
import type { FeedReading, FeedRevision } from "./feed-reading.ts";
import { boundsOf, type FeedLimits } from "./fetch-file.ts";
import { readMsrcFeed } from "./msrc/read-msrc-feed.ts";
import { readRpmFeed } from "./rpm/read-rpm-feed.ts";

/**
 * Reads a vendor's data on fixed packages. The result is fully verified: every checksum, and the signature where the
 * feed has keys. Every failure is thrown and never counts as "no updates".
 * @param options.interested whether a package's name is of interest; the result has only advisories on such packages
 * @param options.now in milliseconds since 1970, to check the metadata's expiry
 * @param options.known the revision of an earlier read with the same `interested`
 * @param options.probe only checks for another revision
 * @param options.since for a feed of documents: only those changed after this time; default: the last days
 * @param options.notBefore the date of the last metadata: an older one is an outdated copy, and fails
 * @throws FeedFailure with a code, the file's URL, and what was found
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
