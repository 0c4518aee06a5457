import * as fc from "fast-check";
import { expect, it } from "vitest";
import { type LedgerFacts, type RegionFacts, type ReportFacts, stages } from "../../core/retirement/facts.ts";
import { planRetirement, type RetirableBuild } from "../../core/retirement/plan-retirement.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const DAY = 86_400;
const now = new Date("2026-10-20T08:00:00.000Z");
const ago = (days: number): string => new Date(now.getTime() - days * DAY * 1000).toISOString();
const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");
const child = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-web/1.0.0/7");
const retention = { keep: 2, deprecateAfter: 30 * DAY, disableAfter: 60 * DAY, retireAfter: 90 * DAY };

const region = (some: Partial<RegionFacts> = {}): RegionFacts => ({
  region: "eu-west-1",
  artifact: parseAmiId("ami-0123456789abcdef0"),
  ami: { found: { state: "available", deprecated: true, public: false, protected: true, gib: 8 } },
  references: { found: [] },
  reports: [5, 1].map((days) => ({ id: `r${days}`, askedAt: ago(days), found: { state: "complete", users: [] } })),
  ...some,
});
const old = (some: Partial<RetirableBuild> = {}): RetirableBuild => ({
  image: "base",
  build,
  startedAt: ago(100),
  retention,
  published: true,
  newer: 2,
  channels: [],
  backFor: [],
  rollouts: [],
  promoting: false,
  children: [],
  moments: [],
  regions: [region()],
  ...some,
});
const plan = (some: Partial<RetirableBuild> = {}) =>
  planRetirement([old(some)], { now, evidenceSeconds: 14 * DAY })[0]!;
const at = (stage: (typeof stages)[number], days: number, done = stage) => ({
  stage: { stage, at: ago(days) },
  regions: [region({ done: { stage: done, at: ago(days) } })],
});

it.each<[Partial<LedgerFacts>, string]>([
  [{ retention: undefined }, "images.base has no retention"],
  [{ published: false }, "it was never in a channel; clean-up removes such builds"],
  [{ channels: ["stable"] }, "stable points at it"],
  [{ backFor: ["stable"] }, "stable would roll back to it"],
  [{ rollouts: ["stable's ring canary names it"] }, "stable's ring canary names it"],
  [{ promoting: true }, "its promotion is in progress"],
  [{ awaiting: "stable" }, "its approval for stable is pending"],
  [{ newer: 1 }, "it is one of the newest 2 of base"],
  [{ children: [child] }, "acme-web 1.0.0/7 is based on it"],
  [{ hold: { until: "2026-10-20", by: "ada", reason: "audit" } }, "ada holds it until 2026-10-20: audit"],
  [
    { moments: [{ what: "it was revoked", at: ago(13) }] },
    "it was revoked on 2026-10-07; it is kept for 14 days after that",
  ],
  [{ startedAt: ago(29) }, "it is younger than 30 days"],
])("keeps %o", (some, why) => {
  expect(plan(some)).toMatchObject({ does: "keep", reasons: [why], frees: {} });
});

it("takes it one stage further at a time, when it is due and unused", () => {
  expect(plan({ startedAt: ago(31), regions: [region({ reports: [] })] }).does).toBe("deprecate");
  expect(plan({ startedAt: ago(59), ...at("deprecated", 20) }).reasons).toEqual(["disabled from 2026-10-21 on"]);
  expect(plan(at("deprecated", 20)).does).toBe("condemn");
  expect(plan({ ...at("condemned", 0.01, "deprecated") }).reasons).toEqual([
    "its retirement has been pending for less than an hour",
  ]);
  expect(plan(at("condemned", 1, "deprecated")).does).toBe("withdraw");
  expect(plan(at("withdrawn", 3)).does).toBe("wait");
  expect(plan(at("withdrawn", 6)).does).toBe("disable");
  const disabled = { found: { state: "disabled", deprecated: true, public: false, protected: false, gib: 8 } };
  const off = {
    stage: { stage: "disabled" as const, at: ago(6) },
    regions: [region({ ami: disabled, done: { stage: "disabled", at: ago(6) } })],
  };
  expect(plan({ startedAt: ago(80), ...off }).reasons).toEqual(["deregistered from 2026-10-30 on"]);
  expect(plan(off)).toMatchObject({ does: "deregister", frees: { "eu-west-1": 8 }, proof: [{ region: "eu-west-1" }] });
  expect(plan({ gone: true }).does).toBe("gone");
});

it("continues where a region lacks what was begun", () => {
  const both = [
    region({ done: { stage: "withdrawn", at: ago(6) } }),
    region({ region: "us-east-1", done: { stage: "deprecated", at: ago(40) } }),
  ];

  expect(plan({ stage: { stage: "withdrawn", at: ago(6) }, regions: both })).toMatchObject({ does: "withdraw" });
});

it("restores what was unshared once it is used, a rule keeps it, or its usage is unknown for a month", () => {
  const used: ReportFacts = {
    id: "u",
    askedAt: ago(0.5),
    found: { state: "complete", users: ["444455556666 has 1 instance(s)"] },
  };
  const withdrawn = at("withdrawn", 6);

  expect(plan({ ...withdrawn, regions: [{ ...withdrawn.regions[0]!, reports: [used] }] }).does).toBe("give-back");
  expect(plan({ ...withdrawn, children: [child] }).does).toBe("give-back");
  expect(plan({ ...at("withdrawn", 31), regions: [{ ...at("withdrawn", 31).regions[0]!, reports: [] }] }).does).toBe(
    "give-back",
  );
  expect(plan({ ...withdrawn, revoked: true, moments: [{ what: "it was revoked", at: ago(1) }] }).does).toBe("keep");
});

it.each([
  ["condemned", "used"],
  ["withdrawn", "used"],
  ["withdrawn", "unproved for a month"],
] as const)("leaves unshared what is %s, %s, and was revoked", (stage, which) => {
  const users = which === "used" ? ["444455556666 has 1 instance(s)"] : [];
  const reports = users.map(
    (user): ReportFacts => ({ id: "u", askedAt: ago(0.5), found: { state: "complete", users: [user] } }),
  );
  const begun = at(stage, 31);

  const decision = plan({ ...begun, regions: [{ ...begun.regions[0]!, reports }], revoked: true });

  expect(decision.does).toBe("wait");
});

it("waits where an AMI that it had disabled was enabled by hand", () => {
  expect(plan(at("disabled", 6)).reasons).toEqual(["its AMI in eu-west-1 was enabled manually"]);
});

const days = fc.double({ min: 0, max: 40, noNaN: true });
const report: fc.Arbitrary<ReportFacts> = fc.record({
  id: fc.constant("r"),
  askedAt: days.map(ago),
  found: fc.oneof(
    fc.constant({ state: "pending" as const }),
    fc.constant({ state: "missing" as const, why: "denied" }),
    fc.constantFrom([], [], ["444455556666 has 1 instance(s)"]).map((users) => ({ state: "complete" as const, users })),
  ),
});
const byAge = (a: ReportFacts, b: ReportFacts): number => (a.askedAt < b.askedAt ? -1 : 1);
const anyRegion: fc.Arbitrary<RegionFacts> = fc.record({
  region: fc.constantFrom("eu-west-1", "us-east-1"),
  artifact: fc.constant(parseAmiId("ami-0123456789abcdef0")),
  ami: fc.constantFrom(region().ami, region().ami, region().ami, { failed: "timeout" }, { found: undefined }),
  references: fc.constantFrom(
    { found: [] },
    { found: [] },
    { found: [] },
    { found: [] },
    { failed: "denied" },
    { found: ["arn:aws:ec2:::instance/i-1"] },
  ),
  sharedAgain: fc.constantFrom(undefined, { found: [] }, { found: [] }, { found: ["1"] }, { failed: "denied" }),
  reports: fc.oneof(
    { weight: 3, arbitrary: fc.constant(region().reports) },
    { weight: 1, arbitrary: fc.array(report, { maxLength: 4 }).map((all) => all.toSorted(byAge)) },
  ),
  done: fc.option(fc.record({ stage: fc.constantFrom(...stages), at: days.map(ago) }), { nil: undefined }),
});
const anyBuild: fc.Arbitrary<RetirableBuild> = fc.record({
  image: fc.constant("base"),
  build: fc.constant(build),
  startedAt: fc.integer({ min: 10, max: 300 }).map(ago),
  retention: fc.constant(retention),
  published: fc.constantFrom(true, true, true, false),
  newer: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom([], [], ["stable"]),
  backFor: fc.constantFrom([], [], ["stable"]),
  rollouts: fc.constantFrom([], [], ["stable's ring canary names it"]),
  promoting: fc.constantFrom(false, false, true),
  children: fc.constantFrom([], [], [child]),
  hold: fc
    .constantFrom(undefined, undefined, undefined, "2026-10-01", "2026-12-01")
    .map((until) => until && { until, by: "ada", reason: "audit" }),
  moments: fc.array(fc.record({ what: fc.constant("it was revoked"), at: days.map(ago) }), { maxLength: 1 }),
  stage: fc.option(fc.record({ stage: fc.constantFrom(...stages), at: days.map(ago) }), { nil: undefined }),
  regions: fc.array(anyRegion, { minLength: 1, maxLength: 2 }),
});

let taken = 0;
function expectRightful(facts: RetirableBuild): void {
  const { does } = planRetirement([facts], { now, evidenceSeconds: 14 * DAY })[0]!;
  if (!["condemn", "withdraw", "disable", "deregister"].includes(does)) return;
  taken++;
  const { published, newer, channels, backFor, rollouts, promoting, children, hold, moments, startedAt } = facts;
  expect({ published, channels, backFor, rollouts, promoting, children }).toEqual({
    published: true,
    channels: [],
    backFor: [],
    rollouts: [],
    promoting: false,
    children: [],
  });
  expect(newer).toBeGreaterThanOrEqual(retention.keep);
  expect(hold?.until).not.toBe("2026-12-01");
  expect(moments.every((one) => one.at <= ago(14))).toBe(true);
  expect(startedAt <= ago(30)).toBe(true);
  const begun = facts.stage && stages.indexOf(facts.stage.stage);
  const left = facts.regions.filter(({ done }) => begun === undefined || !done || stages.indexOf(done.stage) < begun);
  // What is done there already is not done again.
  const touched =
    does === "deregister" || does === "disable" ? (left.length > 0 ? left : facts.regions) : facts.regions;
  for (const one of touched) {
    if ("found" in one.ami && one.ami.found === undefined) continue;
    expect(one.ami).toHaveProperty("found");
    expect(one.references).toEqual({ found: [] });
    expect(one.sharedAgain ?? { found: [] }).toEqual({ found: [] });
    expect(one.reports.at(-1)?.found).toEqual({ state: "complete", users: [] });
    expect(one.reports.length).toBeGreaterThanOrEqual(2);
  }
}

it("retires no build that a rule keeps, that is used, or whose usage is unknown", () => {
  const look = () => fc.assert(fc.property(anyBuild, expectRightful), { numRuns: 60_000 });

  expect(look).not.toThrow();
  expect(taken).toBeGreaterThan(100);
});
