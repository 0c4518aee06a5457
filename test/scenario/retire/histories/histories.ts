import * as fc from "fast-check";

/** The day after which nothing new happens, and everything that was begun has an end. */
export const LAST_DAY = 28;
const day = fc.integer({ min: 1, max: LAST_DAY - 5 });
const MOST_BUILDS = 5;
/** Mostly one that grows old first. */
const build = fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, fc.nat(MOST_BUILDS - 1));
const region = fc.nat(1);
const kind = <const Kind extends string>(name: Kind) => fc.constant(name);
/** Between `condemn` and `withdraw` lies a day in which others can still launch what reports have cleared. */
const stages = ["deprecate", "condemn", "condemn", "condemn", "withdraw", "disable"] as const;
/** When retirement has come to something with a build, so many hours later; or on a day, so many hours after the run. */
const moment = fc.oneof(fc.record({ day, hours: fc.nat(23) }), {
  weight: 2,
  arbitrary: fc.record({
    after: fc.constantFrom(...stages),
    hours: fc.nat(23),
  }),
});

const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: kind("use"),
      moment,
      build,
      region,
      /** The factory's own account, or one of those that it shares with. */
      who: fc.constantFrom(-1, 0, 1, 1),
      what: fc.constantFrom("instance" as const, "instance" as const, "template" as const),
      lasts: fc.integer({ min: 1, max: 14 }),
      /** Not between the runs, but in the next one, after so many of its calls. */
      amid: fc.option(fc.nat(60), { nil: undefined, freq: 2 }),
    }),
  },
  fc.record({ kind: kind("rollback"), moment, build }),
  fc.record({ kind: kind("promote"), moment, build, soaks: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: kind("hold"), moment, build, lasts: fc.integer({ min: 0, max: 9 }) }),
  fc.record({
    kind: kind("revoke"),
    moment,
    build,
    restoredAfter: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
  }),
  fc.record({ kind: kind("restore"), moment, build }),
);
export type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

const outage = fc.record({
  from: day,
  days: fc.integer({ min: 1, max: 8 }),
  region,
  /** What EC2 denies or fails there. */
  of: fc.constantFrom(
    "DescribeImages" as const,
    "DescribeImageReferences" as const,
    "CreateImageUsageReport" as const,
    "DescribeImageUsageReports" as const,
    "DescribeImageUsageReportEntries" as const,
    "DisableImage" as const,
    "DeregisterImage" as const,
    "ModifyImageAttribute" as const,
  ),
});

/** A few weeks of a factory with two images, of which the second is made from the first. */
export const histories = fc.record({
  seed: fc.nat(),
  builds: fc.array(fc.record({ day: fc.nat(8), app: fc.boolean() }), { minLength: 3, maxLength: MOST_BUILDS }),
  acts: fc.array(act, { minLength: 2, maxLength: 10 }),
  outages: fc.array(outage, { maxLength: 2 }),
  /** From 0 to 1, until the last day. */
  faults: fc.record({
    /** Calls that are refused, and those that are carried out and answered with a failure. */
    failed: fc.constantFrom(0, 0, 0.004),
    /** Runs that end half-way. */
    killed: fc.constantFrom(0, 0, 0.3),
    /** Reports that end in error; that stay pending. */
    error: fc.constantFrom(0, 0.3),
    pending: fc.constantFrom(0, 0.2),
  }),
});
export type History = typeof histories extends fc.Arbitrary<infer Value> ? Value : never;
