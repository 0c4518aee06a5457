import { credentials, TRANSPORTS } from "embedded-aws/testing/clients";
import { anAws, FACTORY, REGION } from "embedded-aws/testing/ec2";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { itemRead, lazyRead, mapRead, read, readBatch, readBatchOf } from "../../adapters/ledger/reads.ts";
import { type Ledger, put } from "../../adapters/ledger/table.ts";
import type { Key } from "../../core/ledger/kinds.ts";
import { makeLedger } from "../world/ledger.ts";

const numbered = z.object({ n: z.number() });
const at = (n: number): Key => ({ pk: `P#${n % 7}`, sk: `S#${n}` });
const want = (n: number) => itemRead(at(n), numbered);

/** A ledger with items 0 to `count` - 1; `calls` counts later DynamoDB requests. */
async function open(count: number): Promise<{ ledger: Ledger; calls: () => number }> {
  const { aws } = anAws();
  const options = await TRANSPORTS[0]!.connect(aws);
  const ledger = await makeLedger({ ...options, region: REGION, credentials: credentials(FACTORY) });
  for (let n = 0; n < count; n++) await put(ledger, at(n), { n });
  let calls = 0;
  aws.observeCalls(() => calls++);
  return { ledger, calls: () => calls };
}

test("items of many partitions are read with one call per 100, in the order of the requests", async () => {
  const { ledger, calls } = await open(250);
  const asked = Array.from({ length: 250 }, (_, n) => want(249 - n));

  const found = await readBatch(ledger, asked);

  expect(found.map((one) => one?.n)).toEqual(Array.from({ length: 250 }, (_, n) => 249 - n));
  expect(calls()).toBe(3);
});

test("a missing item is undefined, an item may be named twice, and no keys make no call", async () => {
  const { ledger, calls } = await open(1);

  const none = await readBatch(ledger, []);
  const found = await readBatch(ledger, [want(0), want(5), mapRead(want(0), (one) => one?.n === 0)]);

  expect([none, found]).toEqual([[], [{ n: 0 }, undefined, true]]);
  expect(calls()).toBe(1);
});

test("identical items of several requests are read once", async () => {
  const { ledger, calls } = await open(4);

  const found = await readBatchOf(ledger, [0, 2, 0], (n) => [want(n), want(n + 1)] as const);

  expect([...found]).toEqual([
    [0, [{ n: 0 }, { n: 1 }]],
    [2, [{ n: 2 }, { n: 3 }]],
  ]);
  expect(calls()).toBe(1);
});

test("what parallel work reads at the same moment is one call, and single items are read once each", async () => {
  const { ledger, calls } = await open(3);

  const some = await Promise.all([
    read(ledger, want(0)),
    readBatch(ledger, [want(1), want(2)]),
    readBatch(ledger, [want(0), want(5)]),
  ]);
  const afterwards = calls();
  const single = await Promise.all([read(ledger, want(0)), read(ledger, want(1)), read(ledger, want(0))]);

  expect(some).toEqual([{ n: 0 }, [{ n: 1 }, { n: 2 }], [{ n: 0 }, undefined]]);
  expect(afterwards).toBe(1);
  expect(single).toEqual([{ n: 0 }, { n: 1 }, { n: 0 }]);
  expect(calls() - afterwards).toBe(2);
});

test.each([[1], [2]])("a call that fails fails all that share it, of %i items each", async (items) => {
  const failing = {
    async send() {
      throw new Error("DynamoDB is down");
    },
  } as unknown as Ledger["documents"];
  const down = { documents: failing, table: "ledger" };
  const ask = (): Promise<unknown> => (items === 1 ? read(down, want(0)) : readBatch(down, [want(0), want(1)]));

  const outcomes = await Promise.allSettled([ask(), read(down, want(0)), ask()]);

  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
});

test("errors are thrown in the order of the requests; an item parsed later fails when parsed", async () => {
  const { ledger } = await open(1);
  const refuse = (why: string) =>
    mapRead(want(0), () => {
      throw new Error(why);
    });

  const [parse] = await readBatch(ledger, [lazyRead(refuse("late"))]);

  await expect(readBatch(ledger, [refuse("first"), refuse("second")])).rejects.toThrow("first");
  expect(parse).toThrow("late");
});

/** DynamoDB as it answers when it is busy: `most` items at once, or none. */
function busy(most: number): { ledger: Ledger; asked: number[]; consistent: unknown[] } {
  const asked: number[] = [];
  const consistent: unknown[] = [];
  const documents = {
    async send({ input }: { input: { RequestItems: { ledger: { Keys: Key[]; ConsistentRead: boolean } } } }) {
      const { Keys, ConsistentRead } = input.RequestItems.ledger;
      asked.push(Keys.length);
      consistent.push(ConsistentRead);
      const Responses = { ledger: Keys.slice(0, most).map((key) => ({ ...key, n: Number(key.sk.slice(2)) })) };
      const left = Keys.slice(most);
      return { Responses, UnprocessedKeys: left.length > 0 ? { ledger: { Keys: left } } : {} };
    },
  } as unknown as Ledger["documents"];
  return { ledger: { documents, table: "ledger" }, asked, consistent };
}

test("unprocessed keys are requested again, with consistent reads", async () => {
  const { ledger, asked, consistent } = busy(4);

  const found = await readBatch(
    ledger,
    Array.from({ length: 10 }, (_, n) => want(n)),
  );

  expect(found.map((one) => one?.n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([asked, consistent]).toEqual([
    [10, 6, 2],
    [true, true, true],
  ]);
});

test("a table that never answers is an error, not missing items", async () => {
  vi.useFakeTimers();
  try {
    const { ledger, asked } = busy(0);
    const reading = expect(readBatch(ledger, [want(1)])).rejects.toMatchObject({ name: "ItemsNotRead" });

    await vi.runAllTimersAsync();

    await reading;
    expect(asked).toHaveLength(10);
  } finally {
    vi.useRealTimers();
  }
});
