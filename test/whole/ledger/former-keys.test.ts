import fc from "fast-check";
import { expect, test } from "vitest";
import { formerForms, isKnown, pairOf } from "../../../adapters/ledger/former-keys.ts";
import { type Kind, keyOf, kinds } from "../../../core/ledger/kinds.ts";
import { formerTable } from "./former-table.ts";

const namesIn = (form: string): string[] => [...form.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
const movedKinds = Object.keys(formerForms) as Kind[];

test("a kind's former key has the parts that its key has", () => {
  for (const kind of movedKinds) {
    expect([kind, namesIn(formerForms[kind]!.join("#")).toSorted()]).toEqual([
      kind,
      namesIn(kinds[kind].sort).toSorted(),
    ]);
  }
});

/** What keys are made of: names, ARNs, times. */
const part = fc.stringMatching(/^[A-Za-z0-9:/._-]{1,40}$/);

test("every key leads to its former one and back", () => {
  fc.assert(
    fc.property(fc.constantFrom(...movedKinds), fc.array(part, { minLength: 5, maxLength: 5 }), (kind, values) => {
      const parts = Object.fromEntries(namesIn(kinds[kind].sort).map((name, n) => [name, values[n] ?? ""]));
      const present = keyOf(kind, parts as never);

      const there = pairOf(present);
      const back = there && pairOf(there.former);

      expect(there).toMatchObject({ kind, present });
      expect(back).toEqual(there);
    }),
  );
});

test("no former key is a key of today's, nor the other way round", () => {
  const partitions = new Set<string>(movedKinds.map((kind) => kinds[kind].partition));

  for (const [partition, sort] of Object.values(formerForms)) {
    expect(partitions.has(partition)).toBe(false);
    expect(isKnown({ pk: partition, sk: sort }) && partition !== "LOOKS").toBe(false);
  }
});

test("every record of a former table moves or stays, and none is unknown", () => {
  const keys = formerTable.map(({ pk, sk }) => ({ pk, sk }));

  const moves = keys.filter((key) => pairOf(key));
  const stays = keys.filter((key) => !pairOf(key));

  expect(moves.every((key) => pairOf(key)?.former.pk === key.pk)).toBe(true);
  expect(stays.filter((key) => !isKnown(key))).toEqual([]);
  expect(new Set(stays.map(({ pk }) => pk.split("#")[0]))).toEqual(
    new Set(["CONSUMERS", "FEEDS", "FLEET", "LOOKS", "ORGANIZATION", "idempotency"]),
  );
});
