import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { keepExpressions, type Parser } from "../../src/services/dynamodb/kept-expressions.ts";
import { KeyRange } from "../../src/services/dynamodb/key-range.ts";

const require = createRequire(import.meta.url);
const { parse: parseCondition } = require("dynalite/db/conditionParser") as Parser;
const { parse: parseUpdate } = require("dynalite/db/updateParser") as Parser;

/** As dynalite's validation calls it. */
function run(parse: Parser["parse"], text: string, names: object | undefined, values: object) {
  const context = {
    attrNames: names,
    attrVals: values,
    unusedAttrNames: Object.fromEntries(Object.keys(names ?? {}).map((name) => [name, true])),
    unusedAttrVals: Object.fromEntries(Object.keys(values).map((name) => [name, true])),
    isReserved: (name: string) => name.toUpperCase() === "STATUS",
    compare: () => false,
  };
  try {
    const tree = parse(text, { context } as never);
    return { tree, names: Object.keys(context.unusedAttrNames), values: Object.keys(context.unusedAttrVals) };
  } catch (error) {
    return { error: String(error) };
  }
}

function keeping(parse: Parser["parse"]) {
  let parsed = 0;
  const parser: Parser = {
    parse: (text, options) => {
      parsed += 1;
      return parse(text, options);
    },
  };
  keepExpressions(parser);
  return { parse: parser.parse, times: () => parsed };
}

const text = (value: string) => ({ S: value });
const number = (value: number) => ({ N: String(value) });

const conditions: readonly [string, object | undefined, object][] = [
  ["pk = :pk AND begins_with(sk, :prefix)", undefined, { ":pk": text("a"), ":prefix": text("b") }],
  ["pk = :pk AND begins_with(sk, :prefix)", undefined, { ":pk": text("c"), ":prefix": text("d") }],
  ["pk = :pk AND begins_with(sk, :prefix)", undefined, { ":pk": text("c"), ":prefix": number(1) }],
  ["#s = :s OR size(#list[0].deep) > :n", { "#s": "status", "#list": "list" }, { ":s": text("a"), ":n": number(1) }],
  ["#s = :s OR size(#list[0].deep) > :n", { "#s": "status", "#list": "other" }, { ":s": text("a"), ":n": number(1) }],
  ["#s = :s", { "#s": "status", "#unused": "x" }, { ":s": text("a"), ":unused": number(1) }],
  ["revision = :before", undefined, {}],
  ["status = :s", undefined, { ":s": text("a") }],
  ["attribute_type(a, :type)", undefined, { ":type": text("S") }],
  ["attribute_type(a, :type)", undefined, { ":type": text("T") }],
  ["a BETWEEN :low AND :high", undefined, { ":low": number(1), ":high": text("2") }],
  ["a = ", undefined, { ":low": number(1) }],
  ["a IN (:one, :two) AND NOT contains(b, :one)", undefined, { ":one": text("1"), ":two": { L: [text("1")] } }],
];

const updates: readonly [string, object | undefined, object][] = [
  [
    "SET #a = :a, b = if_not_exists(b, :zero) + :one REMOVE c",
    { "#a": "a" },
    { ":a": text("1"), ":zero": number(0), ":one": number(1) },
  ],
  [
    "SET #a = :a, b = if_not_exists(b, :zero) + :one REMOVE c",
    { "#a": "a" },
    { ":a": { M: { x: number(1) } }, ":zero": number(2), ":one": number(3) },
  ],
  ["ADD seen :set", undefined, { ":set": { SS: ["a"] } }],
  ["ADD seen :set", undefined, { ":set": text("a") }],
];

describe("kept expressions", () => {
  it.each([
    ["conditions", parseCondition, conditions],
    ["updates", parseUpdate, updates],
  ])("%s mean, use and refuse what the parser says, the first time and later", (_, parse, cases) => {
    const kept = keeping(parse);

    for (const round of [1, 2]) {
      for (const one of cases) expect({ round, ...run(kept.parse, ...one) }).toEqual({ round, ...run(parse, ...one) });
    }
  });

  it("are parsed once for all values of the same types", () => {
    const { parse, times } = keeping(parseCondition);

    for (const value of ["a", "b", "c"]) run(parse, "pk = :pk", undefined, { ":pk": text(value) });

    expect(times()).toBe(1);
  });

  it("are not changed by what is done to a tree", () => {
    const { parse } = keeping(parseCondition);
    const values = { ":pk": text("a") };
    const ask = () => run(parse, "pk = :pk", undefined, values).tree as { expression: { type: string } };

    ask().expression.type = "changed";
    ask().expression.type = "changed, too";

    expect(ask()).toEqual(run(parseCondition, "pk = :pk", undefined, values).tree);
  });
});

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
