import * as fc from "fast-check";
import { PEOPLE } from "./way-factory.ts";

export const BUILDS = 4;

/** Seconds. Short, so that much of it overlaps: calls of one are between calls of another. */
const LONGEST = 6;
const soon = fc.nat(LONGEST);
/** Mostly when a rollback is possible. */
const later = fc.oneof(soon, { weight: 3, arbitrary: fc.integer({ min: LONGEST, max: 4 * LONGEST }) });
const build = fc.nat(BUILDS - 1);
const channel = fc.constantFrom("candidate" as const, "stable" as const);
const mostly = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 3 * others.length, arbitrary: fc.constant(usual) }, ...others.map((one) => fc.constant(one)));
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** One of four. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, arbitrary);

const said = { who: fc.constantFrom(...PEOPLE, "mallory"), verdict: mostly("approved" as const, "rejected" as const) };

/** Other actions, each at some second. */
const act = fc.oneof(
  /** `again`: the same request comes once more. */
  fc.record({ kind: fc.constant("rollback" as const), at: later, channel, to: sometimes(build), again: fc.boolean() }),
  /** Restored this many seconds after the request, whether complete or not; then promoted again. */
  fc.record({
    kind: fc.constant("revoke" as const),
    at: later,
    build,
    restoredAfter: sometimes(fc.nat(4)),
    anewAfter: sometimes(fc.nat(4)),
  }),
  fc.record({ kind: fc.constant("restore" as const), at: later, build }),
  /** The steps that share and move are invoked by hand, or a late invocation arrives. */
  fc.record({ kind: fc.constant("astray" as const), at: later, build, channel }),
  fc.record({ kind: fc.constant("answer" as const), at: soon, build, channel, ...said }),
);
export type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** Builds, each with the times of its gate and promotion, and other actions meanwhile. */
export const schedules = fc.record({
  seed: fc.nat(),
  asking: fc.record({
    candidate: mostly(0 as const, 1 as const),
    stable: fc.constantFrom(0 as const, 1 as const, 2 as const),
    /** With one, a region whose share fails stays behind. */
    quorum: fc.constantFrom(undefined, 1),
  }),
  /** Seconds until an approval expires. */
  patience: fc.integer({ min: 2, max: 8 }),
  /** Whether builds arrive in the order of their starts, or in any order. */
  inOrder: mostly(true, false),
  builds: fc.array(
    fc.record({
      /** Seconds from the previous build's gate to its own; from the start if they arrive in any order. */
      after: fc.nat(LONGEST),
      /** Seconds from its gate to its promotion. */
      lag: mostly(0, 1, 3),
      judgement: mostly("passed" as const, "rejected" as const, "asks" as const),
      requestedBy: fc.constantFrom(undefined, "ada", "grace"),
      soak: fc.nat(3),
      /** The part of its promotion that fails on every try. */
      fails: seldom(
        fc.record({ channel, step: fc.constantFrom("share" as const, "move" as const, "confirm" as const) }),
      ),
      /** The approvers' answer, a number of seconds after the request. */
      answers: fc.array(fc.record({ after: fc.nat(5), ...said }), { maxLength: 3 }),
    }),
    { minLength: 2, maxLength: BUILDS },
  ),
  acts: fc.array(act, { minLength: 1, maxLength: 4 }),
  /** How often, from 0 to 1, an invocation crashes. */
  killed: fc.constantFrom(0, 0.2, 0.5),
});
export type Schedule = typeof schedules extends fc.Arbitrary<infer Value> ? Value : never;
