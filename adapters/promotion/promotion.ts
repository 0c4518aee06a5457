import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { union } from "../../core/share/launch-permission.ts";
import {
  type ArtifactId,
  artifactId,
  type BuildArn,
  buildArn,
  type ImageResourceArn,
  imageResourceArn,
} from "../../events/ids.ts";
import { regionsBehind } from "../channel/channels.ts";
import { itemRead, type LedgerRead, mapRead, read, readBatch } from "../ledger/reads.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const copyWriter = /* @__PURE__ */ writer("copy");
const shareWriter = /* @__PURE__ */ writer("share");
const moveWriter = /* @__PURE__ */ writer("move");
const undoneWriter = /* @__PURE__ */ writer("undone");

const copy = z.object({ region: z.string(), copy: imageResourceArn, amiId: artifactId.optional() });

/** A build's copy to another region: the distribution's image resource, and its AMI once that exists. */
export type CopyRecord = z.output<typeof copy>;

/** Launch permissions as stored in the ledger. */
export const permission = z.object({
  organizationArns: z.array(z.string()).readonly(),
  organizationalUnitArns: z.array(z.string()).readonly(),
  accountIds: z.array(z.string()).readonly(),
});

const share = z.object({
  channel: z.string(),
  region: z.string(),
  amiId: artifactId,
  /** What this promotion added, to be removed if it fails. */
  added: permission,
  /** Whether it was read back after the write. */
  verified: z.boolean(),
});
export type ShareRecord = z.output<typeof share>;

const regions = z.record(z.string(), artifactId);

const move = z.object({
  channel: z.string(),
  /** The channel's previous build with its AMIs; absent if it was empty. */
  previous: z
    .object({
      build: buildArn,
      startedAt: z.iso.datetime(),
      amis: regions,
      behind: regionsBehind.optional(),
      onlyAfter: z.iso.datetime().optional(),
    })
    .optional(),
});
export type MoveRecord = z.output<typeof move>;

const copyKey = (build: BuildArn, region: string) => keyOf("copy", { build, region });
const shareKey = (build: BuildArn, channel: string, region: string) => keyOf("share", { build, channel, region });
const moveKey = (build: BuildArn, channel: string) => keyOf("move", { build, channel });

export const copyOf = (build: BuildArn, region: string): LedgerRead<CopyRecord | undefined> =>
  itemRead(copyKey(build, region), copy);

export const findCopy = (ledger: Ledger, build: BuildArn, region: string): Promise<CopyRecord | undefined> =>
  read(ledger, copyOf(build, region));

export const listCopies = async (ledger: Ledger, build: BuildArn): Promise<CopyRecord[]> =>
  (await query(ledger, below("copy", { build }))).map((item) => copy.parse(item));

/** The ARNs of all builds' copies. */
export const listAllCopies = async (ledger: Ledger): Promise<string[]> =>
  (await query(ledger, below("copy"))).map((item) => copy.parse(item).copy);

/** All builds' copies, with one query. */
export async function readCopies(ledger: Ledger): Promise<(build: BuildArn) => CopyRecord[]> {
  const items = Map.groupBy(await query(ledger, below("copy")), ({ sk }) => String(sk).split("#")[0]);
  return (build) => (items.get(build) ?? []).map((item) => copy.parse(item));
}

/**
 * Records a started copy.
 * @param instead the failed copy that it replaces, if any
 * @returns false where another one has been recorded
 */
export const recordCopy = (
  ledger: Ledger,
  build: BuildArn,
  record: CopyRecord,
  instead?: ImageResourceArn,
): Promise<boolean> =>
  copyWriter.put(
    ledger,
    copyKey(build, record.region),
    record,
    instead === undefined
      ? absent
      : { expression: "#copy = :instead", values: { ":instead": instead }, names: { "#copy": "copy" } },
  );

export const recordCopiedAmi = (ledger: Ledger, build: BuildArn, region: string, ami: ArtifactId): Promise<boolean> =>
  copyWriter.set(ledger, copyKey(build, region), { amiId: ami });

/** The record of a share of a build with a channel in a region. */
export const shareOf = (build: BuildArn, channel: string, region: string): LedgerRead<ShareRecord | undefined> =>
  itemRead(shareKey(build, channel, region), share);

export const recordShare = (ledger: Ledger, build: BuildArn, record: ShareRecord): Promise<boolean> =>
  shareWriter.put(ledger, shareKey(build, record.channel, record.region), record);

/**
 * Records what a share adds before it is added, so that it can be undone. Two shares of the same build at the same moment
 * each record what they add to what the other recorded.
 * @param before the record as it was read
 * @returns the record with everything that the promotion added, by this share and by others
 */
export async function recordAddition(
  ledger: Ledger,
  build: BuildArn,
  addition: ShareRecord,
  before: ShareRecord | undefined,
): Promise<ShareRecord> {
  const { channel, region } = addition;
  const key = shareKey(build, channel, region);
  for (let known = before; ; [known] = await readBatch(ledger, [shareOf(build, channel, region)])) {
    const record = known ? { ...addition, added: union(known.added, addition.added) } : addition;
    if (await shareWriter.put(ledger, key, record, known ? asAdded(known) : absent)) return record;
  }
}

/** Replaces a record, unless another share or an undo has changed it since: then that one is right. */
export const replaceShare = (ledger: Ledger, build: BuildArn, from: ShareRecord, to: ShareRecord): Promise<boolean> =>
  shareWriter.put(ledger, shareKey(build, from.channel, from.region), to, asAdded(from));

const asAdded = ({ added }: ShareRecord) => ({ expression: "added = :added", values: { ":added": added } });

export const findShares = async (ledger: Ledger, build: BuildArn): Promise<ShareRecord[]> =>
  (await query(ledger, below("share", { build }))).map((item) => share.parse(item));

export const removeShare = (ledger: Ledger, build: BuildArn, { channel, region }: ShareRecord): Promise<boolean> =>
  shareWriter.remove(ledger, shareKey(build, channel, region));

export const moveOf = (build: BuildArn, channel: string): LedgerRead<MoveRecord | undefined> =>
  itemRead(moveKey(build, channel), move);

export const findMove = (ledger: Ledger, build: BuildArn, channel: string): Promise<MoveRecord | undefined> =>
  read(ledger, moveOf(build, channel));

export const recordMove = (ledger: Ledger, build: BuildArn, record: MoveRecord): Promise<boolean> =>
  moveWriter.put(ledger, moveKey(build, record.channel), record);

export const findMoves = async (ledger: Ledger, build: BuildArn): Promise<MoveRecord[]> =>
  (await query(ledger, below("move", { build }))).map((item) => move.parse(item));

export const removeMove = (ledger: Ledger, build: BuildArn, { channel }: MoveRecord): Promise<boolean> =>
  moveWriter.remove(ledger, moveKey(build, channel));

const undone = z.object({ undone: z.array(z.string()).default([]) });
const undoneOf = (build: BuildArn) => itemRead(keyOf("undone", { build }), undone);

/** What has been undone of a failed promotion, over several tries. */
export const findUndone = (ledger: Ledger, build: BuildArn): Promise<string[]> =>
  read(
    ledger,
    mapRead(undoneOf(build), (found) => found?.undone ?? []),
  );

/** Whether an undo has begun: the promotion must not continue. */
export const whetherUndone = (build: BuildArn): LedgerRead<boolean> =>
  mapRead(undoneOf(build), (found) => found !== undefined);

export const isUndone = (ledger: Ledger, build: BuildArn): Promise<boolean> => read(ledger, whetherUndone(build));

export async function recordUndone(ledger: Ledger, build: BuildArn, more: readonly string[]): Promise<void> {
  await undoneWriter.put(ledger, keyOf("undone", { build }), {
    undone: [...(await findUndone(ledger, build)), ...more],
  });
}
