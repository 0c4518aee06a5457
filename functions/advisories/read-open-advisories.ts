import { FeedFailure } from "../../adapters/advisories/feed-failure.ts";
import { type FeedMemory, type OpenAdvisories, recordOpen } from "../../adapters/advisories/feed-memory.ts";
import { readFeed } from "../../adapters/advisories/read-feed.ts";
import { findOpen } from "../../core/advisories/announcement.ts";
import type { Advisory, Feed } from "../../core/advisories/feed.ts";
import { addNotices } from "./add-notices.ts";
import { addSeverities } from "./add-severities.ts";
import { reportFailure, reportSuccess } from "./report-failure.ts";
import { requireManifest, type WatchedImage, type WatchRun } from "./watch-run.ts";

/** Advisories on packages with an older installed version, by image. */
type OpenByImage = ReadonlyMap<string, readonly Advisory[]>;

/**
 * Reads all feeds of these images. A feed that fails contributes nothing and is reported; the others continue. A feed
 * of several images is read once.
 */
export async function readOpenAdvisories(
  watched: readonly WatchedImage[],
  memory: FeedMemory,
  invocation: WatchRun,
): Promise<OpenByImage> {
  const feeds = new Map(watched.flatMap(({ feeds: some }) => some.map((feed) => [feed.url, feed] as const)));
  const open = new Map<string, Advisory[]>(watched.map(({ image }) => [image, []]));
  for (const [url, feed] of feeds) {
    const readers = watched.filter(({ feeds: some }) => some.some((one) => one.url === url));
    try {
      const { records, isNew } = await readOne(feed, readers, memory, invocation);
      await reportSuccess(url, "READING", memory, invocation);
      const announced = await addNotices(feed, readers, records, memory, invocation);
      for (const [image, found] of await addSeverities(feed, readers, announced, memory, invocation)) {
        if (isNew || found !== records.get(image)) await recordOpen(invocation.ledger, image, url, found);
        open.get(image)?.push(...found.open);
      }
    } catch (error) {
      if (!(error instanceof FeedFailure)) throw error;
      const images = readers.map(({ image }) => image);
      const { code, message: reason } = error;
      await reportFailure({ feed: url, kind: "READING", images, code, reason }, memory, invocation);
    }
  }
  return open;
}

async function readOne(
  feed: Feed,
  readers: readonly WatchedImage[],
  memory: FeedMemory,
  invocation: WatchRun,
): Promise<{ readonly records: ReadonlyMap<string, OpenAdvisories>; readonly isNew: boolean }> {
  const unchanged = await readUnchanged(feed, readers, memory, invocation);
  return { records: unchanged ?? (await readAnew(feed, readers, memory, invocation)), isNew: !unchanged };
}

/** The earlier result, if neither the feed nor the images' builds have changed. */
async function readUnchanged(
  feed: Feed,
  readers: readonly WatchedImage[],
  memory: FeedMemory,
  { now }: WatchRun,
): Promise<ReadonlyMap<string, OpenAdvisories> | undefined> {
  const remembered = readers.map(({ image, promoted }) => {
    const found = memory.open(image, feed.url);
    return found?.build === promoted.build ? found : undefined;
  });
  const known = remembered[0]?.revision;
  if (!known || remembered.some((one) => one?.revision.digest !== known.digest)) return undefined;
  // Only a probe: the content must be read with the packages' names.
  const { kind } = await readFeed(feed, { interested: () => false, now: now.getTime(), known, probe: true });
  if (kind !== "unchanged") return undefined;
  return new Map(readers.flatMap(({ image }, n) => (remembered[n] ? [[image, remembered[n]]] : [])));
}

async function readAnew(
  feed: Feed,
  readers: readonly WatchedImage[],
  memory: FeedMemory,
  invocation: WatchRun,
): Promise<ReadonlyMap<string, OpenAdvisories>> {
  const manifests = await Promise.all(readers.map(({ promoted }) => requireManifest(promoted.build, invocation)));
  const names = new Set(manifests.flatMap(({ packages }) => packages.map(({ name }) => name)));
  const before = readers.map(({ image }) => memory.open(image, feed.url));
  const times = before.flatMap((one) => one?.revision.at ?? []);
  // Another build may have packages that were not looked up before.
  const isAsked = readers.every(({ promoted }, n) => before[n]?.build === promoted.build);
  const reading = await readFeed(feed, {
    interested: (name) => names.has(name),
    now: invocation.now.getTime(),
    ...(isAsked && times.length === readers.length && { since: Math.min(...times) }),
    ...(times.length > 0 && { notBefore: Math.max(...times) }),
  });
  if (reading.kind !== "read") throw new Error(`${feed.url} was read without a known revision, and is ${reading.kind}`);
  const { revision, anew } = reading;
  const records = new Map<string, OpenAdvisories>();
  for (const [n, { image, config, promoted }] of readers.entries()) {
    const kept = anew ? (before[n]?.open ?? []).filter(({ id }) => !anew.has(id)) : [];
    const advisories = [...kept, ...reading.advisories];
    const found = findOpen({ image, config, packages: manifests[n] ?? { packages: [] }, advisories });
    await reportUnjudged(feed.url, image, found.unjudged, memory, invocation);
    records.set(image, { build: promoted.build, revision, open: found.open });
  }
  return records;
}

const MOST_TOLD = 10;

async function reportUnjudged(
  feed: string,
  image: string,
  unjudged: readonly { readonly advisory: string; readonly reason: string }[],
  memory: FeedMemory,
  invocation: WatchRun,
): Promise<void> {
  const kind = `PACKAGES#${image}` as const;
  if (unjudged.length === 0) return await reportSuccess(feed, kind, memory, invocation);
  const told = unjudged.slice(0, MOST_TOLD).map(({ advisory, reason }) => `${advisory}: ${reason}`);
  const more = unjudged.length > MOST_TOLD ? [`and ${unjudged.length - MOST_TOLD} more`] : [];
  const reason = [...told, ...more].join("; ");
  await reportFailure({ feed, kind, images: [image], code: "unjudged", reason }, memory, invocation);
}
