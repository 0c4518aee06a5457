import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { keepExpressions, type Parser } from "../../src/services/dynamodb/kept-expressions.ts";

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
