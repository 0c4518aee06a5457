import { createHash } from "node:crypto";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Key, type Kind, keyOf, kinds } from "../../core/ledger/kinds.ts";
import { isKnown, pairOf } from "./former-keys.ts";
import { absent, type Condition, keyIn, type Ledger, put, remove } from "./table.ts";

type Item = Readonly<Record<string, unknown>>;

/** To partitions by kind, or back to the former layout. */
export type Direction = "forth" | "back";

/** A change of a record that has two keys. */
export interface Change {
  readonly kind: Kind;
  /** The key in the layout of the old program, and in that of the new one. */
  readonly from: Key;
  readonly to: Key;
  readonly act: "put" | "remove" | "note";
  /** The record to carry over; undefined: it was removed. */
  readonly item: Item | undefined;
  /** The record at `to`, which is replaced only if it is unchanged. */
  readonly before: Item | undefined;
}

export interface Plan {
  readonly changes: readonly Change[];
  /** Both programs changed the record after it was carried over: the one at `to` stays. */
  readonly conflicts: readonly { readonly from: Key; readonly to: Key; readonly item: Item | undefined }[];
  /** Records at `from` that are carried over, or will be by the changes; they can be removed afterwards. */
  readonly done: readonly { readonly from: Key; readonly item: Item }[];
  readonly notes: readonly Key[];
  /** The direction of a migration that is being finished: from then on only the records at its `to` count. */
  readonly finishing: Direction | undefined;
  /** Records of unknown kinds, which are not touched. */
  readonly unknown: readonly Key[];
  /** Attribute names by kind: a record must not have gained any of them meanwhile. */
  readonly attributes: ReadonlyMap<Kind, ReadonlySet<string>>;
}

const note = z.object({ content: z.string() });
const finishingKey = keyOf("finishing", {});
const finishingRecord = z.object({ direction: z.enum(["forth", "back"]) });

/** All items of the table. */
export async function readTable({ documents, table }: Ledger): Promise<Item[]> {
  const items: Item[] = [];
  const pages = paginateScan({ client: documents }, { TableName: table, ConsistentRead: true });
  for await (const page of pages) items.push(...(page.Items ?? []));
  return items;
}

/**
 * Compares both layouts. A note holds the digest of the content that was last carried over: a record that differs from
 * its note was changed by the program of that layout. A record is carried over if only the old program has changed it,
 * never if the new one has.
 */
export function planMigration(items: readonly Item[], direction: Direction): Plan {
  const byName = new Map(items.map((item) => [nameOf(keyIn(item)), item]));
  const pairs = new Map(items.flatMap((item) => toPair(keyIn(item))));
  const begun = byName.get(nameOf(finishingKey));
  const finishing = begun && finishingRecord.parse(begun).direction;
  const plan = { changes: [] as Change[], conflicts: [] as Plan["conflicts"][number][] };
  const done: Plan["done"][number][] = [];
  const attributes = new Map<Kind, Set<string>>();
  for (const { kind, former, present } of pairs.values()) {
    const [from, to] = direction === "forth" ? [former, present] : [present, former];
    const item = byName.get(nameOf(from));
    const before = byName.get(nameOf(to));
    const noted = byName.get(nameOf(noteKey(present)));
    const names = attributes.get(kind) ?? new Set<string>();
    attributes.set(kind, names);
    for (const name of [item, before].flatMap((one) => Object.keys(one ?? {}))) names.add(name);
    const change = { kind, from, to, item, before };
    const contents = { from: contentOf(item), to: contentOf(before), noted: noted && note.parse(noted).content };
    const act = finishing === undefined ? decide(kind, contents) : decideFinishing(finishing === direction, contents);
    if (act === "conflict") plan.conflicts.push({ from, to, item });
    else if (act !== "nothing") plan.changes.push({ ...change, act });
    if (item && act !== "conflict") done.push({ from, item });
  }
  const others = items.map(keyIn).filter((key) => !pairOf(key) && key.pk !== kinds.migrated.partition);
  return {
    ...plan,
    done,
    notes: items.map(keyIn).filter(({ pk, sk }) => pk === kinds.migrated.partition && sk !== finishingKey.sk),
    finishing,
    unknown: others.filter((key) => !isKnown(key)),
    attributes,
  };
}

interface Contents {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The digest that was last carried over; undefined: none, or a removal. */
  readonly noted: string | undefined;
}
type Act = Change["act"] | "nothing" | "conflict";

function decide(kind: Kind, { from, to, noted }: Contents): Act {
  if (from === to) return noted === from ? "nothing" : "note";
  if (from === noted) return "nothing";
  if (to === noted) return from === undefined ? "remove" : "put";
  // All announcements of a kind of work are equivalent.
  if (kind === "openWork") return from === undefined || to !== undefined ? "note" : "put";
  return "conflict";
}

/**
 * While a migration is being finished, no notes exist: the records at `to` count, those at `from` are being removed.
 */
function decideFinishing(isOurs: boolean, { from, to, noted }: Contents): Act {
  if (isOurs) return "nothing";
  if (from === to) return noted === from ? "nothing" : "note";
  return from === undefined ? "remove" : "put";
}

/**
 * Carries out a change, unless the record has changed meanwhile. @returns false where it has: the next pass checks
 * again
 */
export async function carryOver(ledger: Ledger, change: Change, { attributes }: Plan): Promise<boolean> {
  const { kind, from, to, act, item, before } = change;
  const condition = unchanged(before, attributes.get(kind) ?? new Set());
  if (act === "put" && !(await put(ledger, to, item ?? {}, condition))) return false;
  if (act === "remove" && !(await remove(ledger, to, condition))) return false;
  // After the record: an interruption in between leaves equal records without a note.
  const key = noteKey(pairOf(from)?.present ?? to);
  const content = contentOf(item);
  await (content === undefined ? remove(ledger, key) : put(ledger, key, { content }));
  return true;
}

/**
 * Removes what was carried over. Records first that only the other layout counts, then removes the notes: after an
 * interruption, a record that was removed here must not look like one that its program removed.
 * @returns how many records changed meanwhile and remain
 */
export async function finishMigration(
  ledger: Ledger,
  direction: Direction,
  { done, conflicts, notes }: Pick<Plan, "done" | "conflicts" | "notes">,
): Promise<number> {
  await put(ledger, finishingKey, { direction });
  for (const key of notes) await remove(ledger, key);
  let left = 0;
  for (const { from, item } of [...done, ...conflicts]) {
    if (item && !(await remove(ledger, from, unchanged(item, new Set())))) left++;
  }
  if (left === 0) await stopFinishing(ledger);
  return left;
}

/** The way back began before the migration was finished, and everything has been carried over. */
export const stopFinishing = (ledger: Ledger): Promise<boolean> => remove(ledger, finishingKey);

/** The record is unchanged since it was read; a missing one is still missing. */
function unchanged(item: Item | undefined, known: ReadonlySet<string>): Condition {
  if (!item) return absent;
  const own = Object.entries(item).filter(([name]) => !isKeyPart(name));
  const others = [...known].filter((name) => !(name in item));
  const equal = own.map((_, n) => `#a${n} = :a${n}`);
  const missing = others.map((_, n) => `attribute_not_exists(#b${n})`);
  return {
    expression: ["attribute_exists(pk)", ...equal, ...missing].join(" AND "),
    ...(own.length + others.length > 0 && {
      names: Object.fromEntries([
        ...own.map(([name], n) => [`#a${n}`, name] as const),
        ...others.map((name, n) => [`#b${n}`, name] as const),
      ]),
    }),
    ...(own.length > 0 && { values: Object.fromEntries(own.map(([, value], n) => [`:a${n}`, value])) }),
  };
}

const toPair = (key: Key) => {
  const pair = pairOf(key);
  return pair ? [[nameOf(pair.present), pair] as const] : [];
};

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;
const noteKey = ({ pk, sk }: Key): Key => keyOf("migrated", { record: `${pk}#${sk}` });
const isKeyPart = (name: string): boolean => name === "pk" || name === "sk";

/** A digest of the record without its key, independent of the order of attributes. */
function contentOf(item: Item | undefined): string | undefined {
  if (!item) return undefined;
  const entries = Object.entries(item).filter(([name]) => !isKeyPart(name));
  return createHash("sha256")
    .update(JSON.stringify(sorted(Object.fromEntries(entries))))
    .digest("hex")
    .slice(0, 32);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}
