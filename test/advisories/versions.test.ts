import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareEvr,
  formatEvr,
  parseDebianVersion,
  parseEvr,
  versionComparer,
} from "../../core/advisories/versions.ts";
import { debianSyntax, relatives, rpmSyntax, versions } from "./version-texts.ts";

const managers = [
  {
    manager: "dpkg",
    syntax: debianSyntax,
    parse: parseDebianVersion,
    kind: "a Debian version",
    form: "[epoch:]upstream[-revision]",
    refused: [
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
    ],
    oldestFirst: "1.0~~ 1.0~~a 1.0~ 1.0~rc1-1 1.0 1.0-1~bpo11+1 1.0-1 1.0-1+b1 1.0a 1.0+dfsg-1 1.0.1 1.10 1:0.1",
    equal: ["1.0", "1.0-0", "0:1.00", "01.0-00"],
  },
  {
    manager: "rpm",
    syntax: rpmSyntax,
    parse: parseEvr,
    kind: "an RPM version",
    form: "[epoch:]version[-release]",
    refused: [
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
    ],
    oldestFirst: "1.0~~a 1.0~rc1-1 1.0~rc1^git1-1 1.0 1.0-1 1.0-1.1 1.0^ 1.0^git1-1 1.0a 1.0.1 1.10 01.011 1:0.1",
    equal: ["1.0-1", "1_0-01", "0:1.00-1", "1..0+-1"],
  },
] as const;

describe.each(managers)(
  "$manager's versions",
  ({ manager, syntax, parse, kind, form, refused, oldestFirst, equal }) => {
    const compare = versionComparer(manager);

    test.each<readonly [string, string]>(refused)(
      "%j is refused with the part that is wrong and with what is valid",
      (text, part) => {
        const refusal = () => parse(text);

        expect(refusal).toThrow(RangeError);
        expect(refusal).toThrow(`"${text}" is not ${kind}: ${part} is not `);
        expect(refusal).toThrow(`Expected ${form}`);
        expect(() => compare("1.0-1", text)).toThrow(RangeError);
        expect(() => compare(text, "1.0-1")).toThrow(RangeError);
      },
    );

    test("are sorted as the package manager sorts them", () => {
      const sorted = oldestFirst.split(" ");

      expect(sorted.toReversed().toSorted(compare)).toEqual(sorted);
    });

    test("can be the same in different texts", () => {
      expect(equal.map((text) => compare(equal[0], text))).toEqual([0, 0, 0, 0]);
    });

    test("of any length are compared as numbers", () => {
      expect(compare("9007199254740993-1", "9007199254740992-1")).toBe(1);
      expect(compare(`1.${"0".repeat(50_000)}1-1`, "1.1-1")).toBe(0);
    });

    test("are totally ordered, and equal versions compare alike to all others", () => {
      fc.assert(
        fc.property(relatives(syntax, 3), (some) => {
          const [a, b, c] = some.toSorted(compare) as [string, string, string];
          expect([a, b, c].map((one) => compare(one, one))).toEqual([0, 0, 0]);
          expect(some.map((one) => compare(a, one) + compare(one, a))).toEqual([0, 0, 0]);
          expect(compare(a, c)).toBe(Math.min(compare(a, b), compare(b, c)));
        }),
        { numRuns: 3_000 },
      );
    });
  },
);

test("a Debian version has an epoch, an upstream version and a revision", () => {
  const parsed = { epoch: 1, upstream: "2.4.1-rc1", revision: "3+deb12u1" };

  expect(parseDebianVersion("1:2.4.1-rc1-3+deb12u1")).toEqual(parsed);
  expect(parseDebianVersion("2.4")).toEqual({ epoch: 0, upstream: "2.4", revision: "" });
  expect(parseDebianVersion("1:2:3-1")).toEqual({ epoch: 1, upstream: "2:3", revision: "1" });
  expect(versionComparer("dpkg")("1.0", "1+0")).not.toBe(0);
});

test("an RPM's version has an epoch, a version and a release", () => {
  expect(parseEvr("1:3.0.8-1.amzn2023.0.4")).toEqual({ epoch: 1, version: "3.0.8", release: "1.amzn2023.0.4" });
  expect(parseEvr("3.0.8")).toEqual({ epoch: 0, version: "3.0.8", release: "" });
  expect(parseEvr("4294967295:1^git~2+a_b-1")).toEqual({ epoch: 4294967295, version: "1^git~2+a_b", release: "1" });
});

test("an RPM's version survives formatting and parsing, without an epoch of 0", () => {
  expect(formatEvr(parseEvr("0:1.0-1"))).toBe("1.0-1");
  expect(formatEvr(parseEvr("02:1.0"))).toBe("2:1.0");
  fc.assert(
    fc.property(versions(rpmSyntax), (text) => {
      const evr = parseEvr(text);
      expect(parseEvr(formatEvr(evr))).toEqual(evr);
      expect(compareEvr(parseEvr(formatEvr(evr)), evr)).toBe(0);
    }),
  );
});
