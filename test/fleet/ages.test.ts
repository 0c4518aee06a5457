import { expect, test } from "vitest";
import { agesOf } from "../../core/fleet/list-fleet.ts";

test("age percentiles are those of instances, by nearest rank, however builds are ordered", () => {
  const ages = agesOf([
    { days: 90, instances: 1 },
    { days: 2, instances: 5 },
    { days: 30, instances: 4 },
  ]);

  expect(ages).toEqual({ instances: 10, p50: 2, p90: 30, p100: 90 });
});

test("one instance more beyond the rank moves the percentile", () => {
  const fiveOfTen = agesOf([
    { days: 2, instances: 4 },
    { days: 30, instances: 4 },
    { days: 90, instances: 2 },
  ]);

  expect(fiveOfTen).toEqual({ instances: 10, p50: 30, p90: 90, p100: 90 });
});

test("of three instances the middle one is the median, and nine in ten are all of them", () => {
  const ages = agesOf([2, 30, 90].map((days) => ({ days, instances: 1 })));

  expect(ages).toEqual({ instances: 3, p50: 30, p90: 90, p100: 90 });
});

test("launch templates alone have no age: without an instance no percentiles exist", () => {
  const ages = agesOf([{ days: 40, instances: 0 }]);

  expect(ages).toBeUndefined();
});
