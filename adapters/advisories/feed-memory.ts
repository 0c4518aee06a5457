import * as z from "zod";
import type { Advisory } from "../../core/advisories/feed.ts";
import { withoutCredentials } from "../../core/advisories/feeds-of.ts";
import { below, type Key, keyOf } from "../../core/ledger/kinds.ts";
import { advisorySeverity } from "../../events/build.ts";
import type { UrgentAdvisory } from "../../events/gate.ts";
import { buildArn } from "../../events/ids.ts";
import { type ChannelRecord, channelOf } from "../channel/channels.ts";
import { type LedgerRead, readBatch } from "../ledger/reads.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import type { FeedRevision } from "./feed-reading.ts";
import { urgentAdvisoriesOf } from "./urgent-advisories.ts";

const openAdvisoriesWriter = /* @__PURE__ */ writer("openAdvisories");
const feedFailureWriter = /* @__PURE__ */ writer("feedFailure");

const revision: z.ZodType<FeedRevision> = z.object({
  url: z.string(),
  digest: z.string(),
  etag: z.string().exactOptional(),
  lastModified: z.string().exactOptional(),
  validUntil: z.number().exactOptional(),
  at: z.number().exactOptional(),
});

const advisory: z.ZodType<Advisory> = z.object({
  id: z.string(),
  severity: advisorySeverity,
  cves: z.array(z.string()),
  issued: z.string().exactOptional(),
  fixes: z.array(
    z.object({
      name: z.string(),
      architecture: z.string(),
      version: z.string(),
      updates: z
        .object({ fixing: z.array(z.string()).readonly(), before: z.array(z.string()).readonly() })
        .exactOptional(),
      module: z.string().exactOptional(),
      on: z.object({ name: z.string(), version: z.string() }).exactOptional(),
    }),
  ),
  source: z.object({ name: z.string(), version: z.string() }).exactOptional(),
  archive: z.array(z.string()).readonly().exactOptional(),
  unknownSince: z.iso.datetime().exactOptional(),
});

const openRecord = z.object({
  /** The build whose packages were compared. */
  build: buildArn,
  revision,
  /** The feed's advisories that fix a package installed there in an older version. */
  open: z.array(advisory).readonly(),
});

/** A feed's advisories for an image's packages at the last read; if neither has changed, it is not read again. */
export type OpenAdvisories = z.output<typeof openRecord>;

const failureRecord = z.object({
  code: z.string(),
  /** The images in the last notice. */
  images: z.array(z.string()).readonly(),
  since: z.iso.datetime(),
});

/** A reported and lasting failure of a feed. */
export type FeedFailureRecord = z.output<typeof failureRecord>;

/** A feed's failure: it cannot be read, or its data on an image's packages cannot be evaluated. */
export type FailureKind = "READING" | `PACKAGES#${string}`;

/** All records of feeds. */
export interface FeedMemory {
  readonly open: (image: string, feed: string) => OpenAdvisories | undefined;
  readonly failure: (feed: string, kind: FailureKind) => FeedFailureRecord | undefined;
  /** An image's urgent advisories as they were last recorded. */
  readonly urgent: (image: string) => readonly UrgentAdvisory[];
}

const openKey = (image: string, feed: string) => keyOf("openAdvisories", { image, feed: withoutCredentials(feed) });
const failureKey = (feed: string, kind: FailureKind) => keyOf("feedFailure", { kind, feed: withoutCredentials(feed) });

interface Watched {
  readonly image: string;
  /** The channel that determines the promoted build. */
  readonly channel: string;
  /** The URLs of its feeds. */
  readonly feeds: readonly string[];
}

/**
 * Channels' builds by image, and the records of their feeds, in one call: it runs hourly, mostly without changes.
 * @param lists URLs of lists that belong to no single image and can fail, too
 */
export async function readWatchMemory(
  ledger: Ledger,
  watched: readonly Watched[],
  lists: readonly string[] = [],
): Promise<{ readonly promoted: ReadonlyMap<string, ChannelRecord | undefined>; readonly memory: FeedMemory }> {
  const channels = watched.map(({ image, channel }) => [image, channelOf(image, channel)] as const);
  const urgent = watched.map(({ image }) => [image, urgentAdvisoriesOf(image)] as const);
  const keys = [
    ...[...channels, ...urgent].flatMap(([, { keys: own }]) => own),
    ...lists.map((list) => failureKey(list, "READING")),
    ...watched.flatMap(({ image, feeds }) =>
      feeds.flatMap((feed) => [
        openKey(image, feed),
        failureKey(feed, "READING"),
        failureKey(feed, `PACKAGES#${image}`),
      ]),
    ),
  ];
  const found = await readBatch(
    ledger,
    keys.map((key): LedgerRead<Record<string, unknown> | undefined> => ({ keys: [key], parse: ([item]) => item })),
  );
  const items = new Map(keys.map(({ sk }, n) => [sk, found[n]]));
  const parse = <T>({ keys: own, parse: read }: LedgerRead<T>): T => read(own.map(({ sk }) => items.get(sk)));
  const urgentIn = new Map(urgent.map(([image, read]) => [image, parse(read)]));
  const parsed = <T>(schema: z.ZodType<T>, { sk }: Key): T | undefined => {
    const item = items.get(sk);
    return item && schema.parse(item);
  };
  return {
    promoted: new Map(channels.map(([image, read]) => [image, parse(read)])),
    memory: {
      open: (image, feed) => parsed(openRecord, openKey(image, feed)),
      failure: (feed, kind) => parsed(failureRecord, failureKey(feed, kind)),
      urgent: (image) => urgentIn.get(image) ?? [],
    },
  };
}

/** A failure that lasts, with the feed's address. */
export interface LastingFailure extends FeedFailureRecord {
  readonly feed: string;
}

/** All reported failures that last, with one query. */
export const listFeedFailures = async (ledger: Ledger): Promise<LastingFailure[]> =>
  (await query(ledger, below("feedFailure"))).map((item) => ({
    ...failureRecord.parse(item),
    feed: /^FAILED#(?:READING|PACKAGES#[^#]*)#(.*)$/s.exec(String(item.sk))?.[1] ?? String(item.sk),
  }));

/** All feeds' advisories for all images, with one query. */
export const listOpenAdvisories = async (ledger: Ledger): Promise<(OpenAdvisories & { readonly image: string })[]> =>
  (await query(ledger, below("openAdvisories"))).map((item) => ({
    ...openRecord.parse(item),
    image: String(item.sk).split("#")[1] ?? "",
  }));

/** DynamoDB's limit is 400 KB per item, including attribute names. */
const MOST_BYTES = 300_000;

/**
 * Stores a feed's advisories. If they are too large for an item, they are not stored, and the feed is read each time.
 */
export async function recordOpen(ledger: Ledger, image: string, feed: string, found: OpenAdvisories): Promise<void> {
  if (Buffer.byteLength(JSON.stringify(found)) > MOST_BYTES)
    await openAdvisoriesWriter.remove(ledger, openKey(image, feed));
  else await openAdvisoriesWriter.put(ledger, openKey(image, feed), found);
}

export const recordFailure = (
  ledger: Ledger,
  feed: string,
  kind: FailureKind,
  failure: FeedFailureRecord,
): Promise<boolean> => feedFailureWriter.put(ledger, failureKey(feed, kind), failure);

/** The feed works again: the next failure is reported again. */
export const forgetFailure = (ledger: Ledger, feed: string, kind: FailureKind): Promise<boolean> =>
  feedFailureWriter.remove(ledger, failureKey(feed, kind));
