import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf } from "./parts.ts";
import { chosen, endsInTime, ordered, type Timed, turnsOf } from "./schedule.ts";
import { suites } from "./suites.ts";

/** What CI gives the deep suites, on the two cores of its machine. */
const CI = { minutes: 5, lanes: 2 };
const TURNS = 24;

const ours = suites.flatMap((suite) => partsOf(suite, false));

const seconds = fc.integer({ min: 1, max: 60 });
const someParts = fc
  .uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 200 })
  .chain((ids) => fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(`suite ${id}`), seconds }))));

/** The parts that run in a number of consecutive seeds. */
const runIn = (parts: readonly Timed[], first: number, turns: number): Set<string> =>
  new Set(
    Array.from({ length: turns }, (_, n) => chosen(parts, { ...CI, seed: first + n })).flatMap((some) =>
      some.map(({ id }) => id),
    ),
  );

test("every part of the suites runs at least once in twenty-four consecutive seeds", () => {
  for (const first of [1, 2, 19, 20, 21, 777, 1_234_567]) {
    const run = runIn(ours, first, TURNS);

    expect(ours.map(({ id }) => id).filter((id) => !run.has(id))).toEqual([]);
  }
});

test("no part of a suite that takes turns is recorded with more than a minute", () => {
  expect(ours.filter((part) => part.seconds > 60).map((part) => `${part.id}: ${part.seconds} s`)).toEqual([]);
});

test("whatever the parts are, as many consecutive seeds as there are turns run all of them", () => {
  fc.assert(
    fc.property(someParts, fc.nat(10_000), (parts, first) => {
      expect(runIn(parts, first, turnsOf(parts, CI)).size).toBe(parts.length);
    }),
  );
});

test("the order holds each part once, and changes with the seed", () => {
  fc.assert(
    fc.property(someParts, fc.nat(10_000), (parts, seed) => {
      const order = ordered(parts, { ...CI, seed }).map(({ id }) => id);

      expect(order.toSorted()).toEqual(parts.map(({ id }) => id).sort());
      if (turnsOf(parts, CI) > 1) expect(order).not.toEqual(ordered(parts, { ...CI, seed: seed + 1 }).map((p) => p.id));
    }),
  );
});

test("what is chosen ends in time: two lanes have ten minutes together", () => {
  fc.assert(
    fc.property(someParts, fc.nat(10_000), (parts, seed) => {
      const taken = chosen(parts, { ...CI, seed }).reduce((sum, part) => sum + part.seconds, 0);

      expect(taken).toBeLessThanOrEqual(CI.minutes * CI.lanes * 60);
    }),
  );
});

test("a part starts only where it ends in time, with a reserve, and on a slow machine with more of it", () => {
  expect(endsInTime({ id: "a", seconds: 50 }, 60)).toBe(true);
  expect(endsInTime({ id: "a", seconds: 50 }, 59)).toBe(false);
  expect(endsInTime({ id: "a", seconds: 50 }, 119, 2)).toBe(false);
});

test("a part that no turn could run is refused, with what to do", () => {
  expect(() => ordered([{ id: "months 1/1", seconds: 400 }], { ...CI, seed: 1 })).toThrow(
    "months 1/1 cannot end in 5 minute(s). Divide it further.",
  );
});
