import fc from "fast-check";
import { expect, test } from "vitest";
import { compareEvr, formatEvr, parseEvr, versionComparer } from "../../core/advisories/versions.ts";
import { relatives, rpmSyntax, versions } from "./version-texts.ts";

const compare = versionComparer("rpm");

test("an RPM's version has an epoch, a version and a release", () => {
  expect(parseEvr("1:3.0.8-1.amzn2023.0.4")).toEqual({ epoch: 1, version: "3.0.8", release: "1.amzn2023.0.4" });
  expect(parseEvr("3.0.8")).toEqual({ epoch: 0, version: "3.0.8", release: "" });
  expect(parseEvr("4294967295:1^git~2+a_b-1")).toEqual({ epoch: 4294967295, version: "1^git~2+a_b", release: "1" });
});

test("an epoch of 0 is omitted", () => {
  expect(formatEvr(parseEvr("0:1.0-1"))).toBe("1.0-1");
  expect(formatEvr(parseEvr("02:1.0"))).toBe("2:1.0");
});

test.each([
  ["", 'the version ""'],
  ["-1", 'the version ""'],
  ["1.0-", 'the release ""'],
  ["1.0 -1", 'the version "1.0 "'],
  ["1.0\n-1", 'the version "1.0\n"'],
  ["1-2-3", 'the version "1-2"'],
  ["1:2:3-1", 'the version "2:3"'],
  ["1.0-é", 'the release "é"'],
  ["(none):1.0-1", 'the epoch "(none)"'],
  [":1.0-1", 'the epoch ""'],
  ["-1:1.0-1", 'the epoch "-1"'],
  ["4294967296:1.0-1", 'the epoch "4294967296"'],
])("%j is refused with the part that is wrong and with what is valid", (text, part) => {
  const refusal = () => parseEvr(text);

  expect(refusal).toThrow(RangeError);
  expect(refusal).toThrow(`"${text}" is not an RPM version: ${part} is not `);
  expect(refusal).toThrow("Expected [epoch:]version[-release]");
});

test("versions are sorted as rpm sorts them", () => {
  const oldestFirst = "1.0~~a 1.0~rc1-1 1.0~rc1^git1-1 1.0 1.0-1 1.0-1.1 1.0^ 1.0^git1-1 1.0a 1.0.1 1.10 01.011 1:0.1";
  const sorted = oldestFirst.split(" ");

  expect(sorted.toReversed().toSorted(compare)).toEqual(sorted);
});

test("different texts can be the same version", () => {
  expect(["1.0-1", "1_0-01", "0:1.00-1", "1..0+-1"].map((text) => compare("1.0-1", text))).toEqual([0, 0, 0, 0]);
});

test("numbers of any length are compared as numbers", () => {
  expect(compare("9007199254740993-1", "9007199254740992-1")).toBe(1);
  expect(compare(`1.${"0".repeat(50_000)}1-1`, "1.1-1")).toBe(0);
});

test("versions survive formatting and parsing", () => {
  fc.assert(
    fc.property(versions(rpmSyntax), (text) => {
      const evr = parseEvr(text);
      expect(parseEvr(formatEvr(evr))).toEqual(evr);
      expect(compareEvr(parseEvr(formatEvr(evr)), evr)).toBe(0);
    }),
  );
});

test("versions are totally ordered, and equal versions compare alike to all others", () => {
  fc.assert(
    fc.property(relatives(rpmSyntax, 3), (some) => {
      const [a, b, c] = some.toSorted(compare) as [string, string, string];
      expect([a, b, c].map((one) => compare(one, one))).toEqual([0, 0, 0]);
      expect(some.map((one) => compare(a, one) + compare(one, a))).toEqual([0, 0, 0]);
      expect(compare(a, c)).toBe(Math.min(compare(a, b), compare(b, c)));
    }),
    { numRuns: 3_000 },
  );
});
