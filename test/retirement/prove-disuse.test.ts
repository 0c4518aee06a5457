import { expect, it } from "vitest";
import type { RegionFacts, ReportFacts } from "../../core/retirement/facts.ts";
import { proveDisuse, wantsReport } from "../../core/retirement/prove-disuse.ts";
import { parseAmiId } from "../../events/ids.ts";

const now = new Date("2026-10-20T08:00:00.000Z");
const ago = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();
const clean = (days: number): ReportFacts => ({
  id: `r${days}`,
  askedAt: ago(days),
  found: { state: "complete", users: [] },
});
const ami = { state: "available", deprecated: true, public: false, protected: true, gib: 8 };

const facts = (some: Partial<RegionFacts> = {}): RegionFacts => ({
  region: "eu-west-1",
  artifact: parseAmiId("ami-0123456789abcdef0"),
  ami: { found: ami },
  references: { found: [] },
  reports: [clean(5), clean(1)],
  ...some,
});
const prove = (some: Partial<RegionFacts> = {}, since?: string, forGood = false) =>
  proveDisuse(facts(some), { since, forGood, now });

it("takes two complete reports without users, four days apart, and records them", () => {
  expect(prove()).toEqual({
    kind: "proved",
    proof: {
      region: "eu-west-1",
      reports: [
        { id: "r5", askedAt: ago(5) },
        { id: "r1", askedAt: ago(1) },
      ],
    },
  });
});

it.each<[string, Partial<RegionFacts>, string]>([
  ["no report", { reports: [] }, "no usage report yet"],
  ["one report", { reports: [clean(1)] }, "a second one follows 4 days later"],
  ["two reports within four days", { reports: [clean(4), clean(1)] }, "a second one follows 4 days later"],
  [
    "reports with a failed one between",
    { reports: [clean(9), { id: "x", askedAt: ago(5), found: { state: "missing", why: "error" } }, clean(3)] },
    "a second one follows",
  ],
  [
    "a last report that is pending",
    { reports: [clean(9), clean(5), { id: "x", askedAt: ago(1), found: { state: "pending" } }] },
    "EC2 has been preparing a usage report since 2026-10-19",
  ],
  [
    "a last report that EC2 refused",
    {
      reports: [
        clean(9),
        clean(5),
        { id: "x", askedAt: ago(1), found: { state: "missing", why: "UnauthorizedOperation" } },
      ],
    },
    "no usage report (UnauthorizedOperation)",
  ],
  ["reports of long ago", { reports: [clean(15), clean(8)] }, "of 2026-10-12, is too old"],
  [
    "references that are not told",
    { references: { failed: "UnauthorizedOperation" } },
    "references to it could not be read",
  ],
  ["an AMI that could not be read", { ami: { failed: "timeout" } }, "the AMI could not be read (timeout)"],
])("proves nothing by %s", (_name, some, why) => {
  const disuse = prove(some);

  expect(disuse.kind).toBe("unproved");
  expect(disuse.kind === "unproved" && disuse.reasons).toEqual([expect.stringContaining(why)]);
});

it.each<[string, Partial<RegionFacts>, string]>([
  [
    "a report with a user",
    {
      reports: [
        clean(5),
        { id: "x", askedAt: ago(1), found: { state: "complete", users: ["444455556666 has 1 instance(s)"] } },
      ],
    },
    "444455556666 has 1 instance(s) (usage report of 2026-10-19)",
  ],
  [
    "what refers to it",
    { references: { found: ["arn:aws:ec2:eu-west-1:111122223333:instance/i-1"] } },
    "instance/i-1 refers to it",
  ],
  ["a launch of these days", { ami: { found: { ...ami, lastLaunchedAt: ago(3) } } }, "it was launched on 2026-10-17"],
  ["a public launch permission", { ami: { found: { ...ami, public: true } } }, "it is public"],
])("counts as used by %s, whatever else says", (_name, some, why) => {
  const disuse = prove(some);

  expect(disuse).toEqual({ kind: "used", reasons: [expect.stringContaining(why)] });
});

it("does not treat unknown launches as no launch", () => {
  expect(prove({ reports: [] }).kind).toBe("unproved");
  expect(prove({ ami: { found: { ...ami, lastLaunchedAt: ago(20) } } }).kind).toBe("proved");
});

it("takes reports only from after the build was unshared, and only while it stays unshared", () => {
  expect(prove({ reports: [clean(9), clean(5), clean(1)] }, ago(6)).kind).toBe("proved");
  expect(prove({ reports: [clean(9), clean(5), clean(1)] }, ago(5)).kind).toBe("unproved");
  expect(prove({ reports: [clean(25), clean(20)] }, ago(30)).kind).toBe("proved");
});

it("asks for another report when the last is four days old, came to nothing, or is of before a withdrawal", () => {
  const last = (found: ReportFacts["found"], days: number) => [{ id: "x", askedAt: ago(days), found }];

  expect(wantsReport([], undefined, now)).toBe(true);
  expect(wantsReport([clean(3)], undefined, now)).toBe(false);
  expect(wantsReport([clean(4)], undefined, now)).toBe(true);
  expect(wantsReport([clean(1)], ago(0.5), now)).toBe(true);
  expect(wantsReport(last({ state: "pending" }, 1), undefined, now)).toBe(false);
  expect(wantsReport(last({ state: "pending" }, 2), undefined, now)).toBe(true);
  expect(wantsReport(last({ state: "missing", why: "error" }, 1), undefined, now)).toBe(true);
});

it("counts a launch after unsharing for ever, but for two weeks when the build was revoked", () => {
  const launched = (days: number) => ({ ami: { found: { ...ami, lastLaunchedAt: ago(days) } } });

  expect(prove(launched(20), ago(30)).kind).toBe("used");
  expect(prove(launched(20), ago(30), true).kind).toBe("proved");
  expect(prove(launched(3), ago(30), true).kind).toBe("used");
});
