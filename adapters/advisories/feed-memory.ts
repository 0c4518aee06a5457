import * as z from "zod";
import type { Advisory } from "../../core/advisories/feed.ts";
import { advisorySeverity } from "../../events/build.ts";
import { buildArn } from "../../events/ids.ts";
import { type Ledger, put, query, remove } from "../ledger/table.ts";
import type { FeedRevision } from "./feed-reading.ts";

const revision: z.ZodType<FeedRevision> = z.object({
  url: z.string(),
  digest: z.string(),
  etag: z.string().exactOptional(),
  lastModified: z.string().exactOptional(),
  validUntil: z.number().exactOptional(),
});

const advisory: z.ZodType<Advisory> = z.object({
  id: z.string(),
  severity: advisorySeverity,
  cves: z.array(z.string()),
  fixes: z.array(
    z.object({
      name: z.string(),
      architecture: z.string(),
      version: z.string(),
      module: z.string().exactOptional(),
    }),
  ),
});

const openRecord = z.object({
  /** The build whose packages were looked at. */
  build: buildArn,
  revision,
  /** Those of the feed's advisories that fix something which is installed in an older version there. */
  open: z.array(advisory).readonly(),
});

/** What a feed said of an image's packages when it was last read: as long as neither changes, nothing is read again. */
export type OpenAdvisories = z.output<typeof openRecord>;

const failureRecord = z.object({
  code: z.string(),
  /** The images that people were told of. */
  images: z.array(z.string()).readonly(),
  since: z.iso.datetime(),
});

/** A failure of a feed that people were told of and that lasts. */
export type FeedFailureRecord = z.output<typeof failureRecord>;

/** Which of a feed's failures: that it cannot be read, or that it says of an image's packages what nobody can judge. */
export type FailureKind = "READING" | `PACKAGES#${string}`;

/** Everything that is remembered of feeds. */
export interface FeedMemory {
  readonly open: (image: string, feed: string) => OpenAdvisories | undefined;
  readonly failure: (feed: string, kind: FailureKind) => FeedFailureRecord | undefined;
}

const FEEDS = "FEEDS";
const openKey = (image: string, feed: string) => ({ pk: FEEDS, sk: `OPEN#${image}#${feed}` });
const failureKey = (feed: string, kind: FailureKind) => ({ pk: FEEDS, sk: `FAILED#${kind}#${feed}` });

/** Read with one query: it is asked for each hour, and mostly nothing has changed. */
export async function readFeedMemory(ledger: Ledger): Promise<FeedMemory> {
  const items = new Map((await query(ledger, FEEDS, "")).map((item) => [String(item.sk), item]));
  return {
    open: (image, feed) => parsed(openRecord, items.get(openKey(image, feed).sk)),
    failure: (feed, kind) => parsed(failureRecord, items.get(failureKey(feed, kind).sk)),
  };
}

const parsed = <T>(schema: z.ZodType<T>, item: unknown): T | undefined => (item ? schema.parse(item) : undefined);

/** DynamoDB's limit is 400 KB an item, attributes' names included. */
const MOST_BYTES = 300_000;

/** Remembers what a feed said. What is too much for an item is not remembered: the feed is then read each time. */
export async function recordOpen(ledger: Ledger, image: string, feed: string, found: OpenAdvisories): Promise<void> {
  if (Buffer.byteLength(JSON.stringify(found)) > MOST_BYTES) await remove(ledger, openKey(image, feed));
  else await put(ledger, openKey(image, feed), found);
}

export const recordFailure = (
  ledger: Ledger,
  feed: string,
  kind: FailureKind,
  failure: FeedFailureRecord,
): Promise<boolean> => put(ledger, failureKey(feed, kind), failure);

/** The feed works again: the next failure is told anew. */
export const forgetFailure = (ledger: Ledger, feed: string, kind: FailureKind): Promise<boolean> =>
  remove(ledger, failureKey(feed, kind));
