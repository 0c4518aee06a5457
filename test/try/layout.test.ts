import fc from "fast-check";
import { expect, test } from "vitest";
import { drawTable, paragraph, wrap } from "../../cli/try/layout.ts";

const word = fc.stringMatching(/^[a-z0-9/:.-]{1,60}$/);
const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(" "));

test("wrapped text fits its room, and has all of the text in its order", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 100 }), fc.integer({ min: 0, max: 60 }), (given, room, less) => {
      const first = Math.max(8, room - less);
      const lines = wrap(given, room, first);

      expect(lines.filter((line, nth) => line.length > (nth === 0 ? first : room))).toEqual([]);
      expect(lines.join("").replaceAll(" ", "")).toBe(given.replaceAll(" ", ""));
    }),
  );
});

test("an id that is longer than its line breaks after a slash, colon, dot or hyphen", () => {
  const arn = "arn:aws:kms:us-east-1:111122223333:key/677aedb2-c983-4338-8f38-1a606f0828a4";

  expect(wrap(`denied by ${arn} now`, 40)).toEqual([
    "denied by",
    "arn:aws:kms:us-east-1:111122223333:key/",
    "677aedb2-c983-4338-8f38-1a606f0828a4 now",
  ]);
  expect(wrap("ami-0123456789abcdef0", 10)).toEqual(["ami-", "0123456789", "abcdef0"]);
});

test("a paragraph hangs behind its first line", () => {
  expect(paragraph("a ".repeat(60).trim(), "    ", "- ").map((line) => line.slice(0, 5))).toEqual(["- a a", "    a"]);
});

test("a table of the longest names fits 100 columns, and cuts none of them off", () => {
  const name = "a-name-of-forty-characters-which-is-long";
  const regions = "eu-west-1, us-east-1, ap-southeast-1, ap-south-1, eu-central-1, eu-north-1, sa-east-1";
  const rows = [
    [name, name, "1.757610.171892/3", "16d6h", regions, "14"],
    ["web", "stable", "1.2.3/4", "1d", "eu-west-1", "7"],
  ];

  const lines = drawTable(["image", "channel", "version", "age", "regions", "accounts"], rows);

  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  const letters = (some: string) => [...some.replaceAll(/\s/g, "")].sort().join("");
  expect(letters(lines.slice(1).join(""))).toBe(letters(rows.flat().join("")));
});
