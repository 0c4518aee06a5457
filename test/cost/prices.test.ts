import { expect, test } from "vitest";
import { listPrices } from "../../core/cost/list-prices.ts";
import { parseMonth } from "../../core/cost/month.ts";
import { priceTableSchema } from "../../core/cost/price-table.ts";
import factory from "../../factory.config.ts";
import { faultsOf as faultsIn } from "../factory/faults.ts";

const table = (regions: object) => ({ source: "an invoice", date: "2026-01-01", currency: "EUR", regions });

const faultsOf = (cost: object) => faultsIn({ regions: ["eu-west-1", "us-east-1"], cost });

test("the list prices are a price table, and know what the example factory uses", () => {
  const parsed = priceTableSchema.parse(listPrices);

  const { buildRegion, regions } = factory;
  for (const region of regions) expect(parsed.regions[region]?.snapshotGiBMonth).toBeGreaterThan(0);
  expect(parsed.regions[buildRegion]?.instanceHour["m7i.large"]).toBeGreaterThan(0);
  expect(parsed.regions[buildRegion]).toMatchObject({ lambda: {}, dynamodb: {}, thousandTransitions: 0.025 });
});

test("a price table without a region of the factory is refused with its path and a fix", () => {
  expect(faultsOf({ prices: table({}) })).toEqual([
    'cost.prices.regions: expected prices of at least one region, such as { "eu-west-1": { "snapshotGiBMonth": 0.05 } }, found {}',
  ]);
  expect(faultsOf({ prices: { source: "an invoice", date: "2026-01-01", currency: "EUR" } })[0]).toContain(
    "cost.prices.regions: expected prices of at least one region",
  );
  expect(faultsOf({ prices: table({ "eu-west-1": { snapshotGiBMonth: 0.05 } }) })).toEqual([
    'cost.prices.regions: no prices for us-east-1, which the factory publishes in; add "us-east-1": { "snapshotGiBMonth": ... }',
  ]);
});

test.each([
  ["a price of nought", { prices: table({ "eu-west-1": { snapshotGiBMonth: 0 } }) }, "snapshotGiBMonth"],
  [
    "an item that no estimate has",
    { prices: table({ "eu-west-1": { other: { keys: 1 } } }) },
    "one of key, keyRequests,",
  ],
  ["a place that is not a region", { prices: table({ Dublin: {} }) }, "cost.prices.regions.Dublin"],
  [
    "money that is none",
    { prices: { ...table({ "eu-west-1": {} }), currency: "$" } },
    'cost.prices.currency: expected an ISO 4217 currency such as "USD", found "$"',
  ],
  ["an alarm at nothing", { monthlyAlarm: 0 }, "cost.monthlyAlarm"],
  ["an unknown setting", { alarm: 50 }, "cost.alarm: unknown key; use one of monthlyAlarm, prices"],
])("%s is refused", (_, cost, said) => {
  expect(faultsOf(cost).join("\n")).toContain(said);
});

test("a table with all regions and an alarm are a config", () => {
  const both = { "eu-west-1": { snapshotGiBMonth: 0.05 }, "us-east-1": { snapshotGiBMonth: 0.05 } };

  expect(faultsOf({ prices: table(both), monthlyAlarm: 50 })).toEqual([]);
});

test.each(["2026-13", "2026", "April", "2026-4"])("%s is not a month", (text) => {
  expect(() => parseMonth(text)).toThrow("such as 2026-04");
});

test("months are in UTC, including leap years and the year's end", () => {
  expect(parseMonth("2028-02").end).toBe(Date.UTC(2028, 2, 1));
  expect(parseMonth("2026-12").end).toBe(Date.UTC(2027, 0, 1));
});
