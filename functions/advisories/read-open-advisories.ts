import { FeedFailure } from "../../adapters/advisories/feed-failure.ts";
import {
  type FailureKind,
  type FeedMemory,
  forgetFailure,
  recordFailure,
  recordOpen,
} from "../../adapters/advisories/feed-memory.ts";
import { readFeed } from "../../adapters/advisories/read-feed.ts";
import { putEvent } from "../../adapters/bus.ts";
import { findOpen } from "../../core/advisories/announcement.ts";
import type { Advisory, Feed } from "../../core/advisories/feed.ts";
import { feedFailed } from "../../events/advisories.ts";
import { requireManifest, type WatchedImage, type WatchRun } from "./watch-run.ts";

/** Advisories on what is installed in an older version, by image. */
type OpenByImage = ReadonlyMap<string, readonly Advisory[]>;

/**
 * What all feeds of these images say. A feed that fails says nothing, and people are told; the others go on.
 * A feed of several images is read once.
 */
export async function readOpenAdvisories(
  watched: readonly WatchedImage[],
  memory: FeedMemory,
  step: WatchRun,
): Promise<OpenByImage> {
  const feeds = new Map(watched.flatMap(({ feeds: some }) => some.map((feed) => [feed.url, feed] as const)));
  const open = new Map<string, Advisory[]>(watched.map(({ image }) => [image, []]));
  for (const [url, feed] of feeds) {
    const readers = watched.filter(({ feeds: some }) => some.some((one) => one.url === url));
    try {
      for (const [image, advisories] of await readOne(feed, readers, memory, step))
        open.get(image)?.push(...advisories);
      await reportSuccess(url, "READING", memory, step);
    } catch (error) {
      if (!(error instanceof FeedFailure)) throw error;
      const images = readers.map(({ image }) => image);
      const { code, message: reason } = error;
      await reportFailure({ feed: url, kind: "READING", images, code, reason }, memory, step);
    }
  }
  return open;
}

async function readOne(
  feed: Feed,
  readers: readonly WatchedImage[],
  memory: FeedMemory,
  step: WatchRun,
): Promise<OpenByImage> {
  return (await readUnchanged(feed, readers, memory, step)) ?? (await readAnew(feed, readers, memory, step));
}

/** What was found before, where neither the feed nor the images' builds have changed since. */
async function readUnchanged(
  feed: Feed,
  readers: readonly WatchedImage[],
  memory: FeedMemory,
  { now }: WatchRun,
): Promise<OpenByImage | undefined> {
  const remembered = readers.map(({ image, promoted }) => {
    const found = memory.open(image, feed.url);
    return found?.build === promoted.build ? found : undefined;
  });
  const known = remembered[0]?.revision;
  if (!known || remembered.some((one) => one?.revision.digest !== known.digest)) return undefined;
  // Only asked whether it changed: what it says then has to be read with the packages' names.
  const { kind } = await readFeed(feed, { interested: () => false, now: now.getTime(), known });
  if (kind === "read") return undefined;
  return new Map(readers.map(({ image }, n) => [image, remembered[n]?.open ?? []]));
}

async function readAnew(
  feed: Feed,
  readers: readonly WatchedImage[],
  memory: FeedMemory,
  step: WatchRun,
): Promise<OpenByImage> {
  const manifests = await Promise.all(readers.map(({ promoted }) => requireManifest(promoted.build, step)));
  const names = new Set(manifests.flatMap(({ packages }) => packages.map(({ name }) => name)));
  const reading = await readFeed(feed, { interested: (name) => names.has(name), now: step.now.getTime() });
  if (reading.kind === "unchanged") throw new Error(`${feed.url} was read without a known revision, and is unchanged`);
  const { revision, advisories } = reading;
  const open = new Map<string, readonly Advisory[]>();
  for (const [n, { image, config, promoted }] of readers.entries()) {
    const found = findOpen({ image, config, packages: manifests[n] ?? { packages: [] }, advisories });
    await recordOpen(step.ledger, image, feed.url, { build: promoted.build, revision, open: found.open });
    await reportUnjudged(feed.url, image, found.unjudged, memory, step);
    open.set(image, found.open);
  }
  return open;
}

const MOST_TOLD = 10;

async function reportUnjudged(
  feed: string,
  image: string,
  unjudged: readonly { readonly advisory: string; readonly reason: string }[],
  memory: FeedMemory,
  step: WatchRun,
): Promise<void> {
  const kind = `PACKAGES#${image}` as const;
  if (unjudged.length === 0) return await reportSuccess(feed, kind, memory, step);
  const told = unjudged.slice(0, MOST_TOLD).map(({ advisory, reason }) => `${advisory}: ${reason}`);
  const more = unjudged.length > MOST_TOLD ? [`and ${unjudged.length - MOST_TOLD} more`] : [];
  const reason = [...told, ...more].join("; ");
  await reportFailure({ feed, kind, images: [image], code: "unjudged", reason }, memory, step);
}

interface Failure {
  readonly feed: string;
  readonly kind: FailureKind;
  readonly images: readonly string[];
  readonly code: string;
  readonly reason: string;
}

/** Tells that a feed fails: once for as long as it does, unless it fails otherwise or for further images. */
async function reportFailure(
  { feed, kind, images, code, reason }: Failure,
  memory: FeedMemory,
  { ledger, bus, now, log }: WatchRun,
): Promise<void> {
  log.warn("a feed failed", { feed, images, code, reason });
  const known = memory.failure(feed, kind);
  if (known?.code === code && images.every((image) => known.images.includes(image))) return;
  const all = [...new Set([...(known?.images ?? []), ...images])];
  await putEvent(bus, feedFailed, { feed, images: all, code, reason: reason.slice(0, 2000) });
  await recordFailure(ledger, feed, kind, { code, images: all, since: known?.since ?? now.toISOString() });
}

/** A feed works (again). */
async function reportSuccess(
  feed: string,
  kind: FailureKind,
  memory: FeedMemory,
  { ledger, log }: WatchRun,
): Promise<void> {
  const known = memory.failure(feed, kind);
  if (!known) return;
  await forgetFailure(ledger, feed, kind);
  log.info("a feed works again", { feed, ...known });
}
