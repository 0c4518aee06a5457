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

/** One move of a channel; without a build it was made to point at nothing. */
export type HistoryEntry = z.output<typeof entry>;

const key = (image: string, name: string, { movedAt, build }: HistoryEntry) =>
  keyOf("history", { image, channel: name, at: movedAt, build: build ?? "NOTHING" });

/**
 * Where a channel pointed and points, the oldest move first. A move whose mover died before it was written down is seen
 * where the channel is now.
 */
export async function listMoves(ledger: Ledger, image: string, name: string): Promise<HistoryEntry[]> {
  const current = await findChannel(ledger, image, name);
  const history = await query(ledger, below("history", { image, channel: name }));
  return movesTo(
    history.map((item) => entry.parse(item)),
    current,
  );
}

/** The moves of a channel that points at `current`, as that was read before: what was there then is among them. */
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

/** Image and channel, with which the sort keys of the history begin. */
const channelIn = (sortKey: string): string => sortKey.split("#", 2).join("#");

function movesTo(history: readonly HistoryEntry[], current: ChannelRecord | undefined): HistoryEntry[] {
  const last = history.at(-1);
  if (current && !history.some((one) => one.movedAt === current.movedAt && one.build === current.build))
    return [...history, current];
  return !current && last?.build ? [...history, { movedAt: last.movedAt, build: undefined }] : [...history];
}

/** Each move once, however often it is written. */
const recordHistory = (ledger: Ledger, image: string, name: string, moved: HistoryEntry): Promise<boolean> =>
  historyWriter.put(ledger, key(image, name, moved), moved, absent);

/** How a channel is moved, and by whom; `movedAt` is put after that of the move before. */
type Move = Omit<ChannelRecord, "movedAt" | "changedAt">;

/**
 * Moves a channel in the ledger, by compare and set, and remembers it. Whoever died between the two is made up for by
 * the next one to move it, who writes down first what was there.
 * @returns the channel as it is now; undefined where somebody else moved it meanwhile
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

/** Makes a channel point at nothing, and remembers it. @returns false where somebody else moved it meanwhile */
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

/** Now, and a millisecond after the move before where clocks disagree: the history is in the order of the moves. */
function momentAfter(before: ChannelRecord | undefined, now: Date): string {
  const least = before ? Date.parse(before.movedAt) + 1 : 0;
  return new Date(Math.max(now.getTime(), least)).toISOString();
}
