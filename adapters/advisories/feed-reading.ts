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
  /** When its vendor made it, or changed it last, in milliseconds since 1970; absent where the vendor does not say. */
  readonly at?: number;
}

export type FeedReading =
  /** As it was read before: the advisories of then, as long as the same packages are asked about. */
  | { readonly kind: "unchanged" }
  /** Not as it was read before; only where nothing more was asked. */
  | { readonly kind: "changed" }
  | {
      readonly kind: "read";
      readonly revision: FeedRevision;
      readonly advisories: readonly Advisory[];
      /**
       * Ids of all advisories that were read, where it was only those that changed: what was said before of all others
       * goes on.
       */
      readonly anew?: ReadonlySet<string>;
    };

interface ReadingOptions {
  readonly interested: (packageName: string) => boolean;
  readonly known?: FeedRevision;
  /** Asks only whether it changed. */
  readonly probe?: true;
  /** Of feeds of documents: only what changed after this time is read, in milliseconds since 1970. */
  readonly since?: number;
  /** Metadata that is older is an old copy; in milliseconds since 1970. */
  readonly notBefore?: number;
  readonly bounds: Bounds;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** How one kind of feed is read. */
export type ReadFeed<Kind extends Feed> = (feed: Kind, options: ReadingOptions) => Promise<FeedReading>;
