import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyRange } from "../../src/services/dynamodb/key-range.ts";

const key = fc.stringMatching(/^[a-c/~]{0,4}$/);
const bounds = fc.record(
  { gt: key, gte: key, lt: key, lte: key, reverse: fc.boolean(), limit: fc.constantFrom(-1, 1, 2) },
  { requiredKeys: [] },
);

const read = (stream: NodeJS.EventEmitter): Promise<unknown[]> =>
  new Promise((resolve) => {
    const values: unknown[] = [];
    stream.on("data", (value) => values.push(value)).on("end", () => resolve(values));
  });

test("a range has the keys within its bounds, in order, after any writes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(key), fc.array(key), bounds, async (put, removed, asked) => {
      const range = new KeyRange();
      for (const one of put) range.put(one, { one }, () => {});
      await read(range.createKeyStream());
      for (const one of removed) range.del(one, () => {});

      const keys = await read(range.createKeyStream(asked));
      const values = await read(range.createValueStream(asked));

      const { gt, gte, lt, lte, reverse = false, limit = -1 } = asked;
      const left = [...new Set(put)]
        .filter((one) => !removed.includes(one))
        // As in Level, the bound that includes its key goes first.
        .filter((one) => (gte !== undefined ? one >= gte : gt === undefined || one > gt))
        .filter((one) => (lte !== undefined ? one <= lte : lt === undefined || one < lt))
        .sort();
      const expected = reverse ? left.toReversed() : left;
      const limited = limit < 0 ? expected : expected.slice(0, limit);
      expect(keys).toEqual(limited);
      expect(values).toEqual(limited.map((one) => ({ one })));
    }),
  );
});

test("each reader has its own copy, and a missing key no value", async () => {
  const range = new KeyRange();
  const item = { list: [1] };
  range.put("a", item, () => {});
  item.list.push(2);
  const ask = (one: string) => new Promise<unknown>((resolve) => range.get(one, (_, value) => resolve(value)));

  const first = (await ask("a")) as typeof item;
  first.list.push(3);

  expect(await ask("a")).toEqual({ list: [1] });
  expect(await ask("b")).toBeUndefined();
});

test("a stream that is ended early gives no more values", async () => {
  const range = new KeyRange();
  for (const one of ["a", "b", "c"]) range.put(one, one, () => {});
  const stream = range.createValueStream();
  const values: unknown[] = [];
  stream.on("data", (value) => {
    values.push(value);
    stream.destroy();
  });
  await new Promise(setImmediate);

  expect(values).toEqual(["a"]);
});
