import { below, type Key, keyOf } from "../../core/ledger/kinds.ts";
import { type Cell, type Clock, cell, clock } from "../../core/rollout/clock.ts";
import { type LedgerRead, readBatch } from "../ledger/reads.ts";
import { absent, get, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";
import { announceWork } from "../repair/drift-checks.ts";

const exposureWriter = /* @__PURE__ */ writer("exposure");
const endedWriter = /* @__PURE__ */ writer("endedExposure");
const accountsWriter = /* @__PURE__ */ writer("exposedAccounts");

/** Identifies a clock: one per advisory and channel of an image, ever. */
export type ClockId = Pick<Clock, "image" | "channel" | "advisory">;

const REMEMBERED_SECONDS = 400 * 86_400;
const expiresAfter = (at: string): number => Math.floor(Date.parse(at) / 1000) + REMEMBERED_SECONDS;

const openKey = ({ image, channel, advisory }: ClockId) => keyOf("exposure", { image, channel, advisory });
const endedKey = ({ image, channel, advisory }: ClockId) => keyOf("endedExposure", { image, channel, advisory });

/** Starts clocks that have never run, and announces to the hourly run that it has something to count. @returns how many */
export async function openClocks(ledger: Ledger, clocks: readonly Clock[]): Promise<number> {
  const known = await readBatch(
    ledger,
    clocks.map((one): LedgerRead<boolean> => {
      const keys: Key[] = [openKey(one), endedKey(one)];
      return { keys, parse: (items) => items.some((item) => item !== undefined) };
    }),
  );
  let opened = 0;
  const fresh = clocks.filter((_, n) => !known[n]);
  const [first] = fresh;
  if (first) await announceWork(ledger, "exposure", first.seenAt);
  for (const one of fresh) {
    if (await exposureWriter.put(ledger, openKey(one), one, absent)) opened += 1;
  }
  return opened;
}

export const listOpenClocks = async (ledger: Ledger): Promise<Clock[]> =>
  (await query(ledger, below("exposure"))).map((item) => clock.parse(item));

/** All clocks of the last 400 days; a clock that ends at this moment counts as ended. */
export async function listClocks(ledger: Ledger): Promise<Clock[]> {
  const open = await listOpenClocks(ledger);
  const ended = (await query(ledger, below("endedExposure"))).map((item) => clock.parse(item));
  const over = new Set(ended.map((one) => endedKey(one).sk));
  return [...open.filter((one) => !over.has(endedKey(one).sk)), ...ended];
}

/**
 * Saves a clock; an ended one moves to its own partition.
 * @param before as read
 * @returns false where another function has written it since
 */
export async function saveClock(ledger: Ledger, before: Clock, after: Clock): Promise<boolean> {
  const unchanged = before.sampledAt
    ? { expression: "sampledAt = :before", values: { ":before": before.sampledAt } }
    : { expression: "attribute_exists(pk) AND attribute_not_exists(sampledAt)" };
  if (!after.ended) return await exposureWriter.put(ledger, openKey(after), after, unchanged);
  // Writes the ended clock first, so that a crash in between ends it again.
  await endedWriter.put(ledger, endedKey(after), { ...after, expires: expiresAfter(after.ended.at) });
  return await exposureWriter.remove(ledger, openKey(after));
}

/** Each clock's accounts are split over this many items: one of 10,000 accounts has some 60 KB. */
const PAGES = 16;

const pageOf = (account: string): number => Number(account) % PAGES;

/** Accounts, grouped by item. */
export const inPages = (accounts: readonly string[]): (readonly string[])[] => {
  const pages = Map.groupBy(accounts, pageOf);
  return Array.from({ length: PAGES }, (_, page) => pages.get(page) ?? []);
};

const pageKey = ({ image, channel, advisory }: ClockId, page: number) =>
  keyOf("exposedAccounts", { image, channel, advisory, page: String(page).padStart(2, "0") });

type Cells = ReadonlyMap<string, Cell>;

const toCells = (item: Record<string, unknown> | undefined): Map<string, Cell> =>
  new Map(
    Object.entries((item?.accounts ?? {}) as Record<string, unknown>).map(([account, one]) => [
      account,
      cell.parse(one),
    ]),
  );

/** A clock's items, by their sort keys; written ones are replaced. */
export type CellItems = Map<string, Record<string, unknown>>;

export const readCellItems = async (ledger: Ledger, id: ClockId): Promise<CellItems> =>
  new Map((await query(ledger, below("exposedAccounts", { ...id }))).map((item) => [String(item.sk), item]));

export const cellsIn = (items: CellItems): Cells => new Map([...items.values()].flatMap((item) => [...toCells(item)]));

/** The records of all accounts in a clock. */
export const readCells = async (ledger: Ledger, id: ClockId): Promise<Cells> =>
  cellsIn(await readCellItems(ledger, id));

const MOST_TRIES = 5;

/**
 * Changes the records of one page's accounts, without overwriting concurrent changes.
 * @param items the clock's items as they were read; read again if one has changed since
 * @throws ExposureContended
 */
export async function changeCells(
  ledger: Ledger,
  id: ClockId,
  accounts: readonly string[],
  {
    items,
    change,
    now,
  }: {
    readonly items: CellItems;
    readonly change: (account: string, before: Cell | undefined) => Cell | undefined;
    readonly now: Date;
  },
): Promise<void> {
  const key = pageKey(id, pageOf(accounts[0] ?? "0"));
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const item = tries === 0 ? items.get(key.sk) : await get(ledger, key);
    const before = toCells(item);
    const after = Object.fromEntries(
      accounts.flatMap((account) => {
        const one = change(account, before.get(account));
        return one ? [[account, one]] : [];
      }),
    );
    const revision = Number(item?.revision ?? 0);
    const kept = { accounts: after, revision: revision + 1, expires: expiresAfter(now.toISOString()) };
    const unchanged = item ? { expression: "revision = :before", values: { ":before": revision } } : absent;
    if (await accountsWriter.put(ledger, key, kept, unchanged)) {
      items.set(key.sk, kept);
      return;
    }
  }
  throw new ExposureContended(id);
}

class ExposureContended extends Error {
  override readonly name = "ExposureContended";

  constructor({ image, channel, advisory }: ClockId) {
    super(
      `The records of ${advisory} in ${image} ${channel} changed ${MOST_TRIES} times during the update; the next look continues.`,
    );
  }
}
