import type { Advisory, Feed } from "../../core/advisories/feed.ts";
import type { Bounds, Validators } from "./fetch-file.ts";

/** Which version of a feed was read: given back as `known`, the next reading is `unchanged` while it still is that one. */
export interface FeedRevision extends Validators {
  /** The metadata's address: behind a mirror list it changes with the release. */
  readonly url: string;
  /** Hex SHA-256 of the metadata, for servers that know no conditional requests. */
  readonly digest: string;
  /** When the metadata stops being valid, in milliseconds since 1970; absent where its vendor does not say. */
  readonly validUntil?: number;
}

export type FeedReading =
  /** As it was read before: the advisories of then, as long as the same packages are asked about. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "read"; readonly revision: FeedRevision; readonly advisories: readonly Advisory[] };

interface ReadingOptions {
  readonly interested: (packageName: string) => boolean;
  readonly known?: FeedRevision;
  readonly bounds: Bounds;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** How one kind of feed is read. */
export type ReadFeed<Kind extends Feed> = (feed: Kind, options: ReadingOptions) => Promise<FeedReading>;
