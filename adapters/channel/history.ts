import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { type ChannelRecord, channel, clearChannel, findChannel, pointChannel } from "./channels.ts";

const historyWriter = /* @__PURE__ */ writer("history");

const emptied = channel
  .pick({ movedAt: true, how: true, by: true, because: true })
  .extend({ build: z.undefined().optional(), request: z.undefined().optional() });
const entry = z.union([channel, emptied]);

/** A move of a channel; without a build, the channel was emptied. */
export type HistoryEntry = z.output<typeof entry>;

const key = (image: string, name: string, { movedAt, build }: HistoryEntry) =>
  keyOf("history", { image, channel: name, at: movedAt, build: build ?? "NOTHING" });

/**
 * A channel's past and present values, oldest first. A move whose history entry is missing after a crash is taken from
 * the channel's record.
 */
export async function listMoves(ledger: Ledger, image: string, name: string): Promise<HistoryEntry[]> {
  const current = await findChannel(ledger, image, name);
  const history = await query(ledger, below("history", { image, channel: name }));
  return movesTo(
    history.map((item) => entry.parse(item)),
    current,
  );
}

/** The moves of a channel whose record is `current`, which is always included. */
export type MovesOf = (image: string, name: string, current: ChannelRecord | undefined) => HistoryEntry[];

/** The moves of all channels, with one query. */
export async function readMoves(ledger: Ledger): Promise<MovesOf> {
  const items = Map.groupBy(await query(ledger, below("history")), ({ sk }) => channelIn(String(sk)));
  return (image, name, current) =>
    movesTo(
      (items.get(channelIn(below("history", { image, channel: name }).prefix)) ?? []).map((item) => entry.parse(item)),
      current,
    );
}

/** Image and channel: the beginning of a history sort key. */
const channelIn = (sortKey: string): string => sortKey.split("#", 2).join("#");

function movesTo(history: readonly HistoryEntry[], current: ChannelRecord | undefined): HistoryEntry[] {
  const last = history.at(-1);
  if (current && !history.some((one) => one.movedAt === current.movedAt && one.build === current.build))
    return [...history, current];
  return !current && last?.build ? [...history, { movedAt: last.movedAt, build: undefined }] : [...history];
}

/** Idempotent. */
const recordHistory = (ledger: Ledger, image: string, name: string, moved: HistoryEntry): Promise<boolean> =>
  historyWriter.put(ledger, key(image, name, moved), moved, absent);

/** The data of a move; `movedAt` is set to after the previous move's. */
type Move = Omit<ChannelRecord, "movedAt" | "changedAt">;

/**
 * Moves a channel in the ledger by compare-and-set, and adds it to the history. After a crash between the two, the next
 * move adds the missing entry first.
 * @returns the channel's new record; undefined where another function moved it meanwhile
 */
export async function moveInLedger(
  ledger: Ledger,
  at: { readonly image: string; readonly channel: string; readonly now: Date },
  current: ChannelRecord | undefined,
  move: Move,
): Promise<ChannelRecord | undefined> {
  const { image, channel: name } = at;
  if (current) await recordHistory(ledger, image, name, current);
  const next: ChannelRecord = { ...move, movedAt: momentAfter(current, at.now), changedAt: undefined };
  if (!(await pointChannel(ledger, image, name, current, next))) return undefined;
  await recordHistory(ledger, image, name, next);
  return next;
}

/** Empties a channel, and adds that to the history. @returns false where another function moved it meanwhile */
export async function emptyInLedger(
  ledger: Ledger,
  at: { readonly image: string; readonly channel: string; readonly now: Date },
  current: ChannelRecord,
  why: Pick<HistoryEntry, "how" | "by" | "because">,
): Promise<boolean> {
  const { image, channel: name } = at;
  await recordHistory(ledger, image, name, current);
  if (!(await clearChannel(ledger, image, name, current))) return false;
  await recordHistory(ledger, image, name, { ...why, movedAt: momentAfter(current, at.now), build: undefined });
  return true;
}

/** Now, but at least a millisecond after the previous move, despite clock skew: the history is sorted by this time. */
function momentAfter(before: ChannelRecord | undefined, now: Date): string {
  const least = before ? Date.parse(before.movedAt) + 1 : 0;
  return new Date(Math.max(now.getTime(), least)).toISOString();
}
