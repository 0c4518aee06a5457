import type { Advisory, Feed } from "../../core/advisories/feed.ts";
import type { Bounds, Validators } from "./fetch-file.ts";

/** Identifies a version of a feed: passed as `known`, the next read returns `unchanged` while it is current. */
export interface FeedRevision extends Validators {
  /** The metadata's URL, which changes with the release behind a mirror list. */
  readonly url: string;
  /** Hex SHA-256 of the metadata, for servers without conditional requests. */
  readonly digest: string;
  /** When the metadata expires, in milliseconds since 1970; absent where its vendor does not state it. */
  readonly validUntil?: number;
  /**
   * When its vendor created or last changed it, in milliseconds since 1970; absent where the vendor does not state it.
   */
  readonly at?: number;
}

export type FeedReading =
  /** As at the last read: its advisories still apply for the same packages. */
  | { readonly kind: "unchanged" }
  /** Changed since the last read; only for a probe. */
  | { readonly kind: "changed" }
  | {
      readonly kind: "read";
      readonly revision: FeedRevision;
      readonly advisories: readonly Advisory[];
      /**
       * Ids of all advisories in this read, if it covers only changed ones: earlier results for all others still apply.
       */
      readonly anew?: ReadonlySet<string>;
    };

interface ReadingOptions {
  readonly interested: (packageName: string) => boolean;
  readonly known?: FeedRevision;
  /** Only checks whether it changed. */
  readonly probe?: true;
  /** For feeds of documents: reads only what changed after this time, in milliseconds since 1970. */
  readonly since?: number;
  /** Older metadata is an outdated copy; in milliseconds since 1970. */
  readonly notBefore?: number;
  readonly bounds: Bounds;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** Reads one kind of feed. */
export type ReadFeed<Kind extends Feed> = (feed: Kind, options: ReadingOptions) => Promise<FeedReading>;
