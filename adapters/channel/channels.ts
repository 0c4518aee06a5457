import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { artifactId, type BuildArn, buildArn } from "../../events/ids.ts";
import { absent, imageOf, type Ledger, query } from "../ledger/table.ts";
import { read, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";

const channelWriter = /* @__PURE__ */ writer("channel");

/**
 * Regions that do not have a channel's build, by name: why, and what their parameter points at all the same; nothing
 * where they never had any, or it was withdrawn.
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
  /** The build's AMI per region, of those that have it. */
  amis: z.record(z.string(), artifactId),
  behind: regionsBehind.optional(),
  /** When the regions that have it changed without a move: one caught up, or lost what it had kept. */
  changedAt: z.iso.datetime().optional(),
  /** Later with each move, also where clocks differ: it tells two moves to the same build apart. */
  movedAt: z.iso.datetime(),
  /** What moved it; left out by records older than the history. */
  how: z.enum(["promotion", "rollback", "revoke", "undo"]).optional(),
  by: z.string().optional(),
  because: z.string().optional(),
  /** The rollback that moved it, so that the same one, asked again, does not go back once more. */
  request: z.string().optional(),
  /** Somebody went back from a build started then: promotions of that one and older ones do not come in any more. */
  onlyAfter: z.iso.datetime().optional(),
});

/** Where a channel points. */
export type ChannelRecord = z.output<typeof channel>;

const key = (image: string, name: string) => keyOf("channel", { image, channel: name });

export const channelOf = (image: string, name: string): Wanted<ChannelRecord | undefined> =>
  wanted(key(image, name), channel);

export const findChannel = (ledger: Ledger, image: string, name: string): Promise<ChannelRecord | undefined> =>
  read(ledger, channelOf(image, name));

/** Of an image, or of all that have any, also of those that the config no longer has: by image, and by channel. */
export async function listChannels(
  ledger: Ledger,
  image?: string,
): Promise<ReadonlyMap<string, Readonly<Record<string, ChannelRecord>>>> {
  const items = await query(ledger, below("channel", image === undefined ? {} : { image }));
  const named = (of: string, some: readonly Record<string, unknown>[]) =>
    Object.fromEntries(some.map((item) => [String(item.sk).slice(of.length + 1), channel.parse(item)]));
  return new Map([...Map.groupBy(items, imageOf)].map(([of, some]) => [of, named(of, some)]));
}

/** What a channel is expected to point at: a build, that very record of it, or (undefined) nothing. */
type Expected = BuildArn | ChannelRecord | undefined;

/** Compare and set. @returns false where the channel is not as expected */
export const pointChannel = (
  ledger: Ledger,
  image: string,
  name: string,
  expected: Expected,
  next: ChannelRecord,
): Promise<boolean> => channelWriter.put(ledger, key(image, name), next, pointingAt(expected));

/**
 * Changes which regions have what a channel points at, without a move. @returns false where it is not as expected by now
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

/** Forgets where a channel points. @returns false where it is not as expected by now */
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
