import { below, keyOf } from "../../core/ledger/kinds.ts";
import { type RolloutRecord, rolloutRecord, type TargetRecord, targetRecord } from "../../core/rollout/records.ts";
import { itemRead, type LedgerRead, read } from "../ledger/reads.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const rolloutWriter = /* @__PURE__ */ writer("rollout");
const targetWriter = /* @__PURE__ */ writer("rolloutTarget");
const historyWriter = /* @__PURE__ */ writer("rolloutHistory");

export interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}

/** A channel's roll-out, with its channel. */
export interface RolloutOf extends ChannelOf {
  readonly record: RolloutRecord;
}

const key = ({ image, channel }: ChannelOf) => keyOf("rollout", { image, channel });

export const rolloutOf = (at: ChannelOf): LedgerRead<RolloutRecord | undefined> => itemRead(key(at), rolloutRecord);

/** A channel's newest roll-out. */
export const findRollout = (ledger: Ledger, at: ChannelOf): Promise<RolloutRecord | undefined> =>
  read(ledger, rolloutOf(at));

/** The newest roll-out of each channel that has had one. */
export async function listRollouts(ledger: Ledger): Promise<RolloutOf[]> {
  const items = await query(ledger, below("rollout"));
  return items.map((item) => {
    const [image = "", channel = ""] = String(item.sk).split("#");
    return { image, channel, record: rolloutRecord.parse(item) };
  });
}

/** Compare-and-set; increments the revision. @returns the new record, undefined where it was not as expected */
export async function putRollout(
  ledger: Ledger,
  at: ChannelOf,
  expected: RolloutRecord | undefined,
  next: Omit<RolloutRecord, "revision">,
): Promise<RolloutRecord | undefined> {
  const record = { ...next, revision: (expected?.revision ?? 0) + 1 };
  const condition = expected
    ? {
        expression: "id = :id AND #revision = :revision",
        values: { ":id": expected.id, ":revision": expected.revision },
        names: { "#revision": "revision" },
      }
    : absent;
  return (await rolloutWriter.put(ledger, key(at), record, condition)) ? record : undefined;
}

/** Stores an ended roll-out in addition to the channel's newest. */
export const keepRollout = (ledger: Ledger, { image, channel }: ChannelOf, record: RolloutRecord): Promise<boolean> =>
  historyWriter.put(ledger, keyOf("rolloutHistory", { image, channel, at: record.id }), record);

/** A channel's roll-outs that ended, the oldest first. */
export const listEndedRollouts = async (ledger: Ledger, { image, channel }: ChannelOf): Promise<RolloutRecord[]> =>
  (await query(ledger, below("rolloutHistory", { image, channel }))).map((item) => rolloutRecord.parse(item));

const DAY_SECONDS = 86_400;
const KEPT_DAYS = 400;

interface TargetOf extends ChannelOf {
  readonly rollout: string;
}

const targetKey = ({ image, channel, rollout }: TargetOf, { account, region, group }: Place) =>
  keyOf("rolloutTarget", { image, channel, rollout, account, region, group });

type Place = Pick<TargetRecord, "account" | "region" | "group">;

export const listTargets = async (ledger: Ledger, of: TargetOf): Promise<TargetRecord[]> =>
  (await query(ledger, below("rolloutTarget", of))).map((item) => targetRecord.parse(item));

export const findTarget = (ledger: Ledger, of: TargetOf, place: Place): Promise<TargetRecord | undefined> =>
  read(ledger, itemRead(targetKey(of, place), targetRecord));

/**
 * Compare-and-set, as two turns may process a group at the same moment.
 * @param before undefined where none exists yet
 * @returns the record after the write, or undefined if another writer changed it first
 */
export async function putTarget(
  ledger: Ledger,
  of: TargetOf,
  before: TargetRecord | undefined,
  { next, now }: { readonly next: TargetRecord; readonly now: Date },
): Promise<TargetRecord | undefined> {
  const record = { ...next, revision: (before?.revision ?? 0) + 1 };
  const expires = Math.floor(now.getTime() / 1000) + KEPT_DAYS * DAY_SECONDS;
  const condition = before
    ? {
        expression: "#revision = :expected",
        values: { ":expected": before.revision },
        names: { "#revision": "revision" },
      }
    : absent;
  const held = await targetWriter.put(ledger, targetKey(of, next), { ...record, expires }, condition);
  return held ? record : undefined;
}
