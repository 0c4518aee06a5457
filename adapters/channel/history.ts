import * as z from "zod";
import { absent, type Key, type Ledger, put, query } from "../ledger/table.ts";
import { type ChannelRecord, channel, clearChannel, findChannel, pointChannel } from "./channels.ts";

const emptied = channel
  .pick({ movedAt: true, how: true, by: true, because: true })
  .extend({ build: z.undefined().optional(), request: z.undefined().optional() });
const entry = z.union([channel, emptied]);

/** One move of a channel; without a build it was made to point at nothing. */
export type HistoryEntry = z.output<typeof entry>;

const partition = (image: string, name: string): string => `HISTORY#${image}#${name}`;
const key = (image: string, name: string, { movedAt, build }: HistoryEntry): Key => ({
  pk: partition(image, name),
  sk: `${movedAt}#${build ?? "NOTHING"}`,
});

const listHistory = async (ledger: Ledger, image: string, name: string): Promise<HistoryEntry[]> =>
  (await query(ledger, partition(image, name), "")).map((item) => entry.parse(item));

/**
 * Where a channel pointed and points, the oldest move first. A move whose mover died before it was written down is seen
 * where the channel is now.
 */
export const listMoves = async (ledger: Ledger, image: string, name: string): Promise<HistoryEntry[]> =>
  listMovesTo(ledger, { image, channel: name }, await findChannel(ledger, image, name));

/** @param current where the channel points, as it was read before: what was there then is among the moves */
export async function listMovesTo(
  ledger: Ledger,
  { image, channel: name }: { readonly image: string; readonly channel: string },
  current: ChannelRecord | undefined,
): Promise<HistoryEntry[]> {
  const history = await listHistory(ledger, image, name);
  const last = history.at(-1);
  if (current && !history.some((one) => one.movedAt === current.movedAt && one.build === current.build))
    return [...history, current];
  return !current && last?.build ? [...history, { movedAt: last.movedAt, build: undefined }] : history;
}

/** Each move once, however often it is written. */
const recordHistory = (ledger: Ledger, image: string, name: string, moved: HistoryEntry): Promise<boolean> =>
  put(ledger, key(image, name, moved), moved, absent);

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
