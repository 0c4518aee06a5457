import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cell, Clock } from "../../core/rollout/clock.ts";
import {
  addSample,
  advanceClock,
  countAffected,
  findFix,
  type Sample,
  sinceSeen,
  toClocks,
} from "../../core/rollout/exposure.ts";
import { type BuildArn, parseBuildArn } from "../../events/ids.ts";

const SEEN = Date.UTC(2026, 3, 1, 8);
const build = (nth: number): BuildArn =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${nth}`);
const dated = (nth: number, hours: number) => ({
  build: build(nth),
  startedAt: new Date(SEEN + hours * 3_600_000).toISOString(),
});
const at = (seconds: number): Date => new Date(SEEN + seconds * 1000);

const openssl = (version: string, release: string) => ({
  packages: [{ name: "openssl", epoch: "1", version, release, architecture: "x86_64" }],
});

const advisory = {
  id: "ALAS2023-2026-1",
  severity: "important" as const,
  cves: ["CVE-2026-1"],
  fixes: [
    { name: "openssl", architecture: "x86_64", version: "1:3.2.2-2.amzn2023" },
    { name: "openssl-devel", architecture: "x86_64", version: "1:3.2.2-2.amzn2023" },
  ],
};

const [clock] = toClocks([{ ...advisory, issued: "2026-04-01" }], {
  image: "base",
  channels: ["stable"],
  affected: dated(1, -48),
  manifest: openssl("3.2.2", "1.amzn2023") as never,
  now: new Date(SEEN),
}) as [Clock];

const config = { os: "al2023", architecture: "x86_64" } as const;

describe("which build fixes an advisory", () => {
  const withManifest = (nth: number, hours: number, release?: string) => ({
    ...dated(nth, hours),
    manifest: release ? (openssl("3.2.2", release) as never) : undefined,
  });

  test("is the oldest newer one whose manifest is free of it; builds before it have it", () => {
    const found = findFix(clock, config, [
      withManifest(4, 3, "2.amzn2023"),
      withManifest(2, 1, "1.amzn2023"),
      withManifest(3, 2, "2.amzn2023"),
    ]);

    expect(found.fix).toEqual(dated(3, 2));
    expect(found.stillOpen).toEqual([build(2)]);
    expect(clock.fixes.map(({ name }) => name)).toEqual(["openssl"]);
  });

  test("is not known of a build without a manifest: its instances count as affected", () => {
    const found = findFix(clock, config, [withManifest(2, 1)]);
    const instances = [{ id: "i-1", ami: "ami-2", group: "web", launchedAt: at(-60).toISOString() }];

    expect(found.fix).toBeUndefined();
    expect(countAffected(found, instances, new Map([["ami-2", dated(2, 1)]]))).toEqual({ left: 1, fresh: 0 });
  });
});

test("instances count by their builds, those launched since apart, and AMIs of others not at all", () => {
  const fixed: Clock = { ...clock, fix: dated(3, 2) };
  const builds = new Map([
    ["ami-0", dated(9, -400)],
    ["ami-1", dated(1, -48)],
    ["ami-3", dated(3, 2)],
    ["ami-4", dated(4, 9)],
  ]);
  const instance = (ami: string, seconds: number) => ({
    id: `${ami}${seconds}`,
    ami,
    group: "web",
    launchedAt: at(seconds).toISOString(),
  });

  const counted = countAffected(
    fixed,
    [
      instance("ami-0", -9_000),
      instance("ami-1", -60),
      instance("ami-1", 60),
      instance("ami-3", 8_000),
      instance("ami-4", -60),
      instance("ami-of-others", -60),
    ],
    builds,
  );

  expect(counted).toEqual({ left: 2, fresh: 1 });
});

test("half, nine in ten and all are reached at the first look that finds so, and say how long before it may have been", () => {
  const look = (before: Clock, cells: ReadonlyMap<string, Cell>, seconds: number) =>
    advanceClock(before, cells, { accounts: ["1", "2"], now: at(seconds) });
  const answer = (before: Cell | undefined, seconds: number, left: number) =>
    addSample(before, { at: seconds, left, fresh: 0 });
  const first = new Map([
    ["1", answer(undefined, 300, 6)],
    ["2", answer(undefined, 300, 4)],
  ]);
  const half = new Map([
    ["1", answer(first.get("1"), 600, 1)],
    ["2", answer(first.get("2"), 600, 4)],
  ]);
  const done = new Map([
    ["1", answer(half.get("1"), 900, 0)],
    ["2", answer(half.get("2"), 900, 0)],
  ]);

  const clocks = [look(clock, first, 300)];
  clocks.push(look(clocks[0] as Clock, half, 600));
  clocks.push(look(clocks[1] as Clock, done, 900));

  expect(clocks.map(({ milestones }) => milestones)).toEqual([
    {},
    { p50: { seconds: 600, within: 300 } },
    { p50: { seconds: 600, within: 300 }, p90: { seconds: 900, within: 300 }, p100: { seconds: 900, within: 300 } },
  ]);
  expect(clocks.map(({ ended }) => ended?.why)).toEqual([undefined, undefined, "patched"]);
  expect(half.get("1")?.milestones).toEqual({ p50: { seconds: 600, within: 300 } });
});

test("new instances of affected builds leave the percentiles alone, and keep the clock running", () => {
  const before = addSample(undefined, { at: 300, left: 2, fresh: 0 });
  const cells = new Map([["1", addSample(before, { at: 600, left: 0, fresh: 3 })]]);

  const after = advanceClock(clock, cells, { accounts: ["1"], now: at(600) });

  expect(after.milestones.p100?.seconds).toBe(600);
  expect(after.ended).toBeUndefined();
});

test("an account that refuses from the first leaves the whole open, but not nine in ten", () => {
  const refused = addSample(undefined, { at: 300, failed: { why: "AccessDenied", refused: true } });
  const before = addSample(undefined, { at: 300, left: 2, fresh: 0 });
  const cells = new Map([
    ["1", addSample(before, { at: 600, left: 0, fresh: 0 })],
    ["2", refused],
  ]);

  const { milestones, ended } = advanceClock(clock, cells, { accounts: ["1", "2"], now: at(600) });

  expect(Object.keys(milestones)).toEqual(["p50", "p90"]);
  expect(ended).toBeUndefined();
});

test("without an instance to patch the clock ends, and says so", () => {
  const cells = new Map([["1", addSample(undefined, { at: 300, left: 0, fresh: 0 })]]);

  expect(advanceClock(clock, cells, { accounts: ["1"], now: at(300) })).toMatchObject({
    milestones: {},
    ended: { why: "nothing-to-patch" },
  });
});

/** Accounts' answers at each check: the number of remaining earlier instances, or a failure. */
const answers = fc.array(
  fc.record({
    left: fc.array(fc.nat({ max: 12 }), { minLength: 3, maxLength: 3 }),
    fresh: fc.nat({ max: 3 }),
    fails: fc.array(fc.constantFrom("no", "no", "fails", "refuses"), { minLength: 3, maxLength: 3 }),
    doubled: fc.boolean(),
    late: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

const ACCOUNTS = ["1", "2", "3"];
const RUNS = { numRuns: 2_000 };

/** Runs a clock over looks. @param change takes away what a property is about */
function run(looks: readonly (typeof answers extends fc.Arbitrary<infer T> ? T : never)[number][], spoil: boolean) {
  const cells = new Map<string, Cell>();
  let now = clock;
  const trail: Clock[] = [];
  const left = [12, 12, 12];
  for (const [nth, look] of looks.entries()) {
    const seconds = (nth + 1) * 300;
    for (const [index, account] of ACCOUNTS.entries()) {
      left[index] = Math.min(left[index] ?? 0, look.left[index] ?? 0);
      const fails = look.fails[index];
      const sample: Sample =
        spoil && fails !== "no"
          ? { at: seconds, failed: { why: "?", refused: fails === "refuses" } }
          : { at: seconds, left: left[index] ?? 0, fresh: look.fresh };
      const before = cells.get(account);
      let after = addSample(before, sample);
      if (spoil && look.doubled) after = addSample(after, sample);
      if (spoil && look.late && before) {
        after = addSample(after, { at: before.at - 1, left: 0, fresh: 0 });
      }
      cells.set(account, after);
    }
    now = advanceClock(now, cells, { accounts: ACCOUNTS, now: at(seconds) });
    if (spoil && look.doubled) now = advanceClock(now, cells, { accounts: ACCOUNTS, now: at(seconds) });
    if (spoil && look.late) now = advanceClock(now, new Map(), { accounts: [], now: at(seconds - 1) });
    trail.push(now);
  }
  return { trail, cells };
}

const seconds = ({ milestones }: Pick<Clock, "milestones">) =>
  [milestones.p50, milestones.p90, milestones.p100].map((one) => one?.seconds ?? Number.POSITIVE_INFINITY);

describe("whatever accounts answer", () => {
  test("half comes no later than nine in ten, and that no later than all; what was reached stays", () => {
    fc.assert(
      fc.property(answers, (looks) => {
        const { trail, cells } = run(looks, true);
        for (const one of [...trail, ...cells.values()]) {
          const [p50 = 0, p90 = 0, p100 = 0] = seconds(one);
          expect(p50).toBeLessThanOrEqual(p90);
          expect(p90).toBeLessThanOrEqual(p100);
        }
        for (const [nth, one] of trail.entries())
          expect(one.milestones).toMatchObject(trail[nth - 1]?.milestones ?? {});
      }),
      RUNS,
    );
  });

  test("an account that does not answer never makes anything be reached sooner than its answer would", () => {
    fc.assert(
      fc.property(answers, (looks) => {
        const without = looks.map((look) => ({
          ...look,
          fails: look.fails.map((one) => (one === "refuses" ? "fails" : one)),
        }));
        const honest = run(without, false).trail.at(-1) as Clock;
        const spoiled = run(without, true).trail.at(-1) as Clock;
        // A first answer that comes late finds fewer instances, of which more seem to be left.
        for (const [nth, one] of seconds(spoiled).entries()) {
          expect(one).toBeGreaterThanOrEqual(seconds(honest)[nth] ?? 0);
        }
      }),
      RUNS,
    );
  });

  test("all is reached only once every account has answered that nothing is left", () => {
    fc.assert(
      fc.property(answers, (looks) => {
        const { trail, cells } = run(looks, true);
        if (trail.at(-1)?.milestones.p100 === undefined) return;
        expect(ACCOUNTS.every((account) => cells.get(account)?.known !== undefined)).toBe(true);
      }),
      RUNS,
    );
  });

  test("a sample that comes twice or late changes nothing", () => {
    fc.assert(
      fc.property(answers, (looks) => {
        const noisy = looks.map((look) => ({ ...look, fails: look.fails.map(() => "no" as const) }));
        expect(run(noisy, true).trail).toEqual(run(noisy, false).trail);
      }),
      RUNS,
    );
  });
});

test("what was before the advisory was seen is at its beginning", () => {
  expect(sinceSeen(clock, at(-10))).toBe(0);
});
