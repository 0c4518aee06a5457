import type * as z from "zod";
import {
  type FailureKind,
  type FeedMemory,
  forgetFailure,
  recordFailure,
} from "../../adapters/advisories/feed-memory.ts";
import { putEvent } from "../../adapters/bus.ts";
import { withoutCredentials } from "../../core/advisories/feeds-of.ts";
import { feedFailed } from "../../events/advisories.ts";
import type { WatchRun } from "./watch-run.ts";

interface Failure {
  readonly feed: string;
  readonly kind: FailureKind;
  readonly images: readonly string[];
  /** What the feed provides, if not advisories. */
  readonly of?: z.output<typeof feedFailed.detail>["of"];
  readonly code: string;
  readonly reason: string;
}

/** Reports that a feed fails: once while it lasts, and again for another error or more images. */
export async function reportFailure(
  { feed: address, kind, images, of, code, reason }: Failure,
  memory: FeedMemory,
  { ledger, bus, now, log }: WatchRun,
): Promise<void> {
  const feed = withoutCredentials(address);
  log.warn("feed failed", { feed, images, code, reason });
  const known = memory.failure(feed, kind);
  if (known?.code === code && images.every((image) => known.images.includes(image))) return;
  const all = [...new Set([...(known?.images ?? []), ...images])];
  await putEvent(bus, feedFailed, { feed, ...(of && { of }), images: all, code, reason: reason.slice(0, 2000) });
  await recordFailure(ledger, feed, kind, { code, images: all, since: known?.since ?? now.toISOString() });
}

/** A feed works, possibly again. */
export async function reportSuccess(
  feed: string,
  kind: FailureKind,
  memory: FeedMemory,
  { ledger, log }: WatchRun,
): Promise<void> {
  const known = memory.failure(feed, kind);
  if (!known) return;
  await forgetFailure(ledger, feed, kind);
  log.info("feed works again", { feed: withoutCredentials(feed), ...known });
}
