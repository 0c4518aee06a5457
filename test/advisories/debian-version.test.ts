import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDebianVersion, versionComparer } from "../../core/advisories/versions.ts";
import { debianSyntax, relatives } from "./version-texts.ts";

const compare = versionComparer("dpkg");

test("a Debian version has an epoch, an upstream version and a revision", () => {
  expect(parseDebianVersion("1:2.4.1-rc1-3+deb12u1")).toEqual({
    epoch: 1,
    upstream: "2.4.1-rc1",
    revision: "3+deb12u1",
  });
  expect(parseDebianVersion("2.4")).toEqual({ epoch: 0, upstream: "2.4", revision: "" });
  expect(parseDebianVersion("1:2:3-1")).toEqual({ epoch: 1, upstream: "2:3", revision: "1" });
});

test.each([
  ["", 'the upstream version ""'],
  ["0:", 'the upstream version ""'],
  ["v1.0-1", 'the upstream version "v1.0"'],
  ["1.0_1-1", 'the upstream version "1.0_1"'],
  ["1.0\n", 'the upstream version "1.0\n"'],
  [" 1.0", 'the upstream version " 1.0"'],
  ["1.0-", 'the revision ""'],
  ["1:1.0-1:2", 'the revision "1:2"'],
  ["1.0-1^2", 'the revision "1^2"'],
  [":1.0-1", 'the epoch ""'],
  ["a:1.0-1", 'the epoch "a"'],
  ["2147483648:1.0-1", 'the epoch "2147483648"'],
])("%j is refused with the part that is wrong and with what is valid", (text, part) => {
  const refusal = () => parseDebianVersion(text);

  expect(refusal).toThrow(RangeError);
  expect(refusal).toThrow(`"${text}" is not a Debian version: ${part} is not `);
  expect(refusal).toThrow("Expected [epoch:]upstream[-revision]");
  expect(() => compare("1.0-1", text)).toThrow(RangeError);
  expect(() => compare(text, "1.0-1")).toThrow(RangeError);
});

test("versions are sorted as dpkg sorts them", () => {
  const oldestFirst = "1.0~~ 1.0~~a 1.0~ 1.0~rc1-1 1.0 1.0-1~bpo11+1 1.0-1 1.0-1+b1 1.0a 1.0+dfsg-1 1.0.1 1.10 1:0.1";
  const sorted = oldestFirst.split(" ");

  expect(sorted.toReversed().toSorted(compare)).toEqual(sorted);
});

test("different texts can be the same version", () => {
  expect(["1.0", "1.0-0", "0:1.00", "01.0-00"].map((text) => compare("1.0", text))).toEqual([0, 0, 0, 0]);
  expect(compare("1.0", "1+0")).not.toBe(0);
});

test("numbers of any length are compared as numbers", () => {
  expect(compare("9007199254740993-1", "9007199254740992-1")).toBe(1);
  expect(compare(`1.${"0".repeat(50_000)}1-1`, "1.1-1")).toBe(0);
});

test("versions are totally ordered, and equal versions compare alike to all others", () => {
  fc.assert(
    fc.property(relatives(debianSyntax, 3), (some) => {
      const [a, b, c] = some.toSorted(compare) as [string, string, string];
      expect([a, b, c].map((one) => compare(one, one))).toEqual([0, 0, 0]);
      expect(some.map((one) => compare(a, one) + compare(one, a))).toEqual([0, 0, 0]);
      expect(compare(a, c)).toBe(Math.min(compare(a, b), compare(b, c)));
    }),
    { numRuns: 3_000 },
  );
});
