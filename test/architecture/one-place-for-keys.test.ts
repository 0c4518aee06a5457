import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { kinds } from "../../core/ledger/kinds.ts";
import { sourceFiles } from "./source-files.ts";

/** Where keys are made, and where items are read and written by them. */
const PLACES = [
  "core/ledger/kinds.ts",
  ...["table", "wanted", "former-keys", "migration"].map((name) => `adapters/ledger/${name}.ts`),
];
/** Powertools has items of its own in the table; the stack names the table's keys. */
const OTHERS = ["functions/only-once.ts", "stacks/resources/lambda-function.ts", "stacks/blueprint/"];

/** A partition's name counts only as a complete string. */
const partitions = [...new Set(Object.values(kinds).map(({ partition }) => partition))];
const NAMING = new RegExp(
  `\\b[ps]k["']?\\s*:|["'\`](?:${partitions.filter((one) => one.includes("#")).join("|")})["'\`]`,
);

const product = sourceFiles().filter(
  ({ path }) =>
    /^(adapters|core|functions|cli|stacks)\//.test(path) && ![...PLACES, ...OTHERS].some((one) => path.startsWith(one)),
);

test("ledger keys are created in one place, by kind", () => {
  const elsewhere = product.flatMap(({ path, lines }) =>
    lines.flatMap((line, n) =>
      NAMING.test(line) ? [`${path}:${n + 1}: use keyOf or below of core/ledger/kinds.ts`] : [],
    ),
  );

  expect(elsewhere).toEqual([]);
});

test.each([
  ['put(ledger, { pk: "HOLDS", sk: build }, hold)', true],
  ['query(ledger, "FLEET#TOLD")', true],
  ['put(ledger, keyOf("hold", { build }), hold)', false],
  ['{ expression: "attribute_exists(pk) AND attribute_not_exists(decided)" }', false],
])("the rule itself reads %s", (line, found) => {
  expect(NAMING.test(line)).toBe(found);
});

test("no two kinds of record can have the same key", () => {
  const forms = Object.values(kinds).map(({ partition, sort }) => `${partition} ${sort.replaceAll(/\{\w+\}/g, "{}")}`);

  expect(forms.filter((one, n) => forms.indexOf(one) !== n)).toEqual([]);
});

test("docs/architecture.md lists every partition of the ledger", () => {
  const [, section = ""] = readFileSync("docs/architecture.md", "utf8").split("\n## The ledger\n");
  const rows = section.split("\n## ")[0]?.matchAll(/^\| `([^`]+)` \|/gm) ?? [];
  const listed = [...rows].map(([, partition = ""]) => partition);

  expect(partitions.filter((one) => !listed.includes(one))).toEqual([]);
  expect(listed.filter((one, n) => listed.indexOf(one) !== n)).toEqual([]);
});
