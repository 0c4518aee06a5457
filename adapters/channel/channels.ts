import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { artifactId, type BuildArn, buildArn } from "../../events/ids.ts";
import { itemRead, type LedgerRead, read, readBatch } from "../ledger/reads.ts";
import { absent, imageOf, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const channelWriter = /* @__PURE__ */ writer("channel");

/**
 * Regions without a channel's build, by name: why, and the build that their parameter still has; none if they never had
 * one, or it was revoked or undone.
 */
export const regionsBehind = z.record(
  z.string(),
  z.object({ why: z.string(), build: buildArn.optional(), amiId: artifactId.optional() }),
);
export type RegionsBehind = z.output<typeof regionsBehind>;

export const channel = z.object({
  build: buildArn,
  /** When that build was started. */
  startedAt: z.iso.datetime(),
  /** The build's AMI in each region that has it. */
  amis: z.record(z.string(), artifactId),
  behind: regionsBehind.optional(),
  /** When the regions with the build last changed without a move: a region caught up, or lost its kept build. */
  changedAt: z.iso.datetime().optional(),
  /** Increases with each move, even with clock skew: it distinguishes moves to the same build. */
  movedAt: z.iso.datetime(),
  /** What moved it; absent in records older than the history. */
  how: z.enum(["promotion", "rollback", "revoke", "undo"]).optional(),
  by: z.string().optional(),
  because: z.string().optional(),
  /** The rollback that moved it, so that a repeated request does not roll back further. */
  request: z.string().optional(),
  /** Set by a rollback: builds started at this time or earlier no longer enter. */
  onlyAfter: z.iso.datetime().optional(),
});

/** A channel's present value. */
export type ChannelRecord = z.output<typeof channel>;

const key = (image: string, name: string) => keyOf("channel", { image, channel: name });

export const channelOf = (image: string, name: string): LedgerRead<ChannelRecord | undefined> =>
  itemRead(key(image, name), channel);

export const findChannel = (ledger: Ledger, image: string, name: string): Promise<ChannelRecord | undefined> =>
  read(ledger, channelOf(image, name));

/** The channels of one image, or of all, including those removed from the config: by image and channel. */
export async function listChannels(
  ledger: Ledger,
  image?: string,
): Promise<ReadonlyMap<string, Readonly<Record<string, ChannelRecord>>>> {
  const items = await query(ledger, below("channel", image === undefined ? {} : { image }));
  const named = (of: string, some: readonly Record<string, unknown>[]) =>
    Object.fromEntries(some.map((item) => [String(item.sk).slice(of.length + 1), channel.parse(item)]));
  return new Map([...Map.groupBy(items, imageOf)].map(([of, some]) => [of, named(of, some)]));
}

/** These channels, by image and channel, with one call for a hundred. */
export async function readChannels(
  ledger: Ledger,
  some: readonly { readonly image: string; readonly channel: string }[],
): Promise<ReadonlyMap<string, Readonly<Record<string, ChannelRecord>>>> {
  const found = await readBatch(
    ledger,
    some.map(({ image, channel: name }) => channelOf(image, name)),
  );
  const named = some.flatMap(({ image, channel: name }, n) => {
    const one = found[n];
    return one ? [{ image, name, one }] : [];
  });
  const byImage = Map.groupBy(named, ({ image }) => image);
  return new Map([...byImage].map(([of, own]) => [of, Object.fromEntries(own.map(({ name, one }) => [name, one]))]));
}

/** A channel's expected value: a build, this exact record, or (undefined) nothing. */
type Expected = BuildArn | ChannelRecord | undefined;

/** Compare-and-set. @returns false where the channel is not as expected */
export const pointChannel = (
  ledger: Ledger,
  image: string,
  name: string,
  expected: Expected,
  next: ChannelRecord,
): Promise<boolean> => channelWriter.put(ledger, key(image, name), next, pointingAt(expected));

/**
 * Changes the regions with a channel's build, without a move. @returns false where the channel is no longer as expected
 */
export const changeRegions = (
  ledger: Ledger,
  { image, channel: name, now }: { readonly image: string; readonly channel: string; readonly now: Date },
  expected: ChannelRecord,
  regions: Pick<ChannelRecord, "amis" | "behind">,
): Promise<boolean> => {
  const least = Date.parse(expected.changedAt ?? expected.movedAt) + 1;
  const changedAt = new Date(Math.max(now.getTime(), least)).toISOString();
  return pointChannel(ledger, image, name, expected, { ...expected, ...regions, changedAt });
};

/** Empties a channel. @returns false where it is no longer as expected */
export const clearChannel = (
  ledger: Ledger,
  image: string,
  name: string,
  expected: BuildArn | ChannelRecord,
): Promise<boolean> => channelWriter.remove(ledger, key(image, name), pointingAt(expected));

function pointingAt(expected: Expected) {
  if (!expected) return absent;
  if (typeof expected === "string") return { expression: "build = :expected", values: { ":expected": expected } };
  const { build, movedAt, changedAt } = expected;
  return {
    expression: `build = :expected AND movedAt = :movedAt AND ${changedAt ? "changedAt = :changedAt" : "attribute_not_exists(changedAt)"}`,
    values: { ":expected": build, ":movedAt": movedAt, ...(changedAt && { ":changedAt": changedAt }) },
  };
}
