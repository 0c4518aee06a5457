import * as fc from "fast-check";

/** The day after which nothing new happens, and everything that was started ends. */
export const LAST_DAY = 28;
const day = fc.integer({ min: 1, max: LAST_DAY - 5 });
const MOST_BUILDS = 5;
/** Mostly one that grows old first. */
const build = fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, fc.nat(MOST_BUILDS - 1));
const region = fc.nat(1);
const kind = <const Kind extends string>(name: Kind) => fc.constant(name);
/** Between `condemn` and `withdraw`, other accounts can still launch a build for a day although reports show it unused. */
const stages = ["deprecate", "condemn", "condemn", "condemn", "withdraw", "withdraw", "disable"] as const;
const acted = ["ModifyImageAttribute", "DisableImage", "DeregisterImage", "EnableImage"] as const;
/**
 * A number of hours after retirement reached a state with a build; a number of hours after a day's run; or
 * while it acts on the build, a number of calls after its first region.
 */
const moment = fc.oneof(
  fc.record({ day, hours: fc.nat(23) }),
  { weight: 2, arbitrary: fc.record({ after: fc.constantFrom(...stages), hours: fc.nat(23) }) },
  fc.record({ amidst: fc.constantFrom(...acted), calls: fc.nat(8) }),
);
type Moment = typeof moment extends fc.Arbitrary<infer Value> ? Value : never;

/** What EC2, or Step Functions, denies or fails. */
const refusable = [
  "DescribeImages",
  "DescribeSnapshots",
  "DescribeImageAttribute",
  "DescribeImageReferences",
  "DescribeImageReferences",
  "DescribeImageReferences",
  "CreateImageUsageReport",
  "DescribeImageUsageReports",
  "DescribeImageUsageReportEntries",
  "GetImageAncestry",
  "EnableImageDeprecation",
  "ModifyImageAttribute",
  "DisableImage",
  "EnableImage",
  "DisableImageDeregistrationProtection",
  "DeregisterImage",
  "ListExecutions",
  "PutEvents",
] as const;
const denial = fc.record({
  region,
  of: fc.constantFrom(...refusable),
  days: fc.integer({ min: 1, max: 8 }),
  /** It takes effect, and the response is lost. */
  lost: fc.boolean(),
  /** Only the first such call of each run. */
  once: fc.boolean(),
});
/** From a day on, counted from the history's first. */
export type Outage = { readonly from: number } & (typeof denial extends fc.Arbitrary<infer Value> ? Value : never);

const use = fc.record({
  kind: kind("use"),
  region,
  /** The factory's account, or one that it shares with. */
  who: fc.constantFrom(-1, 0, 1, 1),
  what: fc.constantFrom("instance" as const, "instance" as const, "template" as const),
  lasts: fc.integer({ min: 1, max: 14 }),
});
const revoke = fc.record({
  kind: kind("revoke"),
  restoredAfter: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
});
/** By hand, with one of the accounts that the factory shares with. */
const share = fc.record({ kind: kind("share"), region, who: fc.nat(1) });
const deed = fc.oneof(
  { weight: 6, arbitrary: use },
  share,
  revoke,
  fc.record({ kind: kind("restore") }),
  fc.record({ kind: kind("rollback") }),
  fc.record({ kind: kind("promote"), soaks: fc.integer({ min: 1, max: 6 }) }),
  /** Zero: a hold is released. */
  fc.record({ kind: kind("hold"), lasts: fc.integer({ min: 0, max: 9 }) }),
  /** A promotion of it fails. */
  fc.record({ kind: kind("fail") }),
  /** It needs approval, which comes after a number of days. */
  fc.record({ kind: kind("ask"), lasts: fc.integer({ min: 1, max: 9 }) }),
  /** Deregistration protection. */
  fc.record({ kind: kind("protect"), region, cooldown: fc.boolean() }),
  fc.record({ kind: kind("deny"), denial }),
  /** The current run crashes. */
  fc.record({ kind: kind("kill") }),
);
export type Deed = typeof deed extends fc.Arbitrary<infer Value> ? Value : never;

/** During the next run, after a number of its calls. */
const amid = fc.option(fc.nat(60), { nil: undefined, freq: 2 });
const act = fc.record({ moment, amid, build, deed });
export type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

const at = (build: number, after: (typeof stages)[number], hours: number, deed: Deed): Act => {
  const moment: Moment = { after, hours };
  return { moment, amid: undefined, build, deed };
};
/** A rare combination: an account starts to use a build that is being retired, and then it is revoked. */
const usedAndRevoked = fc
  .record({ build, use, revoke, hours: fc.nat(23) })
  .map(({ build: of, use: one, revoke: bad, hours }) => [
    at(of, "condemn", hours, { ...one, who: one.who < 0 ? 0 : one.who, lasts: one.lasts + 5 }),
    at(of, "withdraw", hours, bad),
  ]);
/** The factory's account can launch what no other account can, while the last reports are created. */
const usedByFactory = fc
  .record({ build, use, hours: fc.integer({ min: 24, max: 120 }) })
  .map(({ build: of, use: one, hours }) => [at(of, "withdraw", hours, { ...one, who: -1 })]);
/** Or names it in a launch template, which reports show late. */
const unseen = fc.record({ build, use, hours: fc.integer({ min: 48, max: 120 }), denial }).map((one) => {
  const { region: where } = one.use;
  const named: Deed = { ...one.use, who: -1, what: "template", lasts: one.use.lasts + 4 };
  const denied: Deed = { kind: "deny", denial: { ...one.denial, region: where, of: "DescribeImageReferences" } };
  return [at(one.build, "withdraw", one.hours, named), at(one.build, "withdraw", one.hours, denied)];
});
/** Reads fail, and later writes succeed. */
const notLookedAt = fc
  .record({ build, denial, hours: fc.nat(23) })
  .map(({ build: of, denial: one, hours }) => [
    at(of, "withdraw", hours, { kind: "deny", denial: { ...one, of: "DescribeImages", once: true } }),
  ]);
/** An unshared build is shared again by hand, while it is being proven unused. */
const sharedAgain = fc
  .record({ build, share, hours: fc.integer({ min: 1, max: 140 }) })
  .map(({ build: of, share: one, hours }) => [at(of, "withdraw", hours, one)]);
/** The channel is rolled back early, so that the build has time to age in it. */
const rolledBack = fc
  .record({ build, on: fc.integer({ min: 9, max: 14 }) })
  .map(({ build: of, on }): Act[] => [
    { moment: { day: on, hours: 12 }, amid: undefined, build: of, deed: { kind: "rollback" } },
  ]);
const restoredLate = fc
  .record({ build, hours: fc.nat(23) })
  .map(({ build: of, hours }) => [at(of, "disable", hours, { kind: "restore" })]);
/** An operator retries the promotion of a build that is being retired. */
const promoted = fc
  .record({ build, hours: fc.nat(23) })
  .map(({ build: of, hours }) => [at(of, "deprecate", hours, { kind: "promote", soaks: 6 })]);
/** A run that acts on a build region by region is overtaken, or crashes, in between. */
const interrupted = fc
  .record({
    build,
    amidst: fc.constantFrom(...acted),
    calls: fc.nat(4),
    deed: fc.constantFrom<Deed>({ kind: "restore" }, { kind: "hold", lasts: 5 }, { kind: "kill" }),
  })
  .map(({ amidst, calls, ...one }): Act[] => [{ ...one, moment: { amidst, calls }, amid: undefined }]);
/** A build is restored while a run unshares it. */
const restoredAmid = fc.record({ build, calls: fc.nat(4) }).map(({ calls, ...one }): Act[] => {
  const moment: Moment = { amidst: "ModifyImageAttribute", calls };
  return [{ ...one, moment, amid: undefined, deed: { kind: "restore" } }];
});
const stories = [
  usedAndRevoked,
  usedByFactory,
  unseen,
  notLookedAt,
  sharedAgain,
  rolledBack,
  restoredLate,
  promoted,
  interrupted,
  interrupted,
  restoredAmid,
];
const acts = fc
  .array(fc.oneof({ weight: 8, arbitrary: act.map((one) => [one]) }, ...stories), {
    minLength: 2,
    maxLength: 10,
  })
  .map((some) => some.flat());

const outage = fc.tuple(day, denial).map(([from, one]): Outage => ({ from, ...one }));

/** A few weeks of a factory with two images; the second is built from the first. */
export const histories = fc.record({
  seed: fc.nat(),
  builds: fc.array(fc.record({ day: fc.nat(8), app: fc.boolean() }), { minLength: 3, maxLength: MOST_BUILDS }),
  acts,
  outages: fc.array(outage, { maxLength: 2 }),
  /** From 0 to 1, until the last day. */
  faults: fc.record({
    /** Calls that are refused, and calls that take effect but return an error. */
    failed: fc.constantFrom(0, 0, 0.004),
    /** Runs that crash. */
    killed: fc.constantFrom(0, 0, 0.3),
    /** Reports that end in error; that stay pending. */
    error: fc.constantFrom(0, 0.3),
    pending: fc.constantFrom(0, 0.2, 0.4),
  }),
});
export type History = typeof histories extends fc.Arbitrary<infer Value> ? Value : never;
