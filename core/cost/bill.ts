import type { Blueprint } from "../factory/blueprint.ts";
import type { Factory } from "../factory/factory-schema.ts";
import { addUp, type CostLine, labelOf, type Part, sumOf, toLines, withoutPrice } from "./cost-lines.ts";
import { assumptions, exampleBuilds, expectUse } from "./expected-use.ts";
import { itemOf } from "./items.ts";
import { measuredMonth } from "./measured-month.ts";
import type { PriceTable } from "./price-table.ts";

interface BillLine extends CostLine {
  readonly service: string;
  readonly what: string;
  /** Why an idle factory has it. */
  readonly why?: string;
}

export interface BilledMonth {
  readonly lines: readonly BillLine[];
  readonly total: number;
}

/** What a factory is expected to cost in a month of 30 days, before it is deployed. */
export interface Bill {
  readonly estimate: true;
  readonly prices: Pick<PriceTable, "source" | "date" | "currency">;
  readonly idle: BilledMonth;
  readonly busy: BilledMonth & { readonly builds: number };
  readonly assumed: readonly string[];
  readonly notCounted: readonly string[];
}

interface Asked {
  readonly blueprint: Pick<Blueprint, "resources">;
  readonly factory: Factory;
  readonly prices: PriceTable;
  /** In a month; default: as many for each image as in the example's month. */
  readonly builds?: number | undefined;
  /** Only this region's part. */
  readonly region?: string | undefined;
}

/** The region whose prices count where the table has none. */
const STAND_IN = "us-east-1";

export function estimateBill({ blueprint, factory, prices, builds = exampleBuilds(factory), region }: Asked): Bill {
  const { idle, busy } = expectUse(blueprint, factory, builds);
  const wanted = (parts: readonly Part[]) => parts.filter((part) => region === undefined || part.region === region);
  const { regions, unknown } = standIn(prices, [factory.buildRegion, ...factory.regions]);
  const table = { ...prices, regions };
  const bill = (parts: readonly Part[]): BilledMonth => {
    const lines = addUp(parts).flatMap((part) => {
      const { service, why } = itemOf(part.kind);
      const about = { service, what: labelOf(part), ...(why !== undefined && { why }) };
      return toLines([part], table).map((line) => ({ ...line, ...about }));
    });
    return { lines, total: sumOf(lines) };
  };
  const { source, date, currency } = prices;
  return {
    estimate: true,
    prices: { source, date, currency },
    idle: bill(wanted(idle)),
    busy: { builds, ...bill(wanted(busy)) },
    assumed: [...unknown.map((one) => `no prices for ${one}: those of ${STAND_IN} count`), ...sayAssumptions()],
    notCounted: [...withoutPrice(wanted(busy), table), ...NOT_COUNTED],
  };
}

function standIn({ regions }: PriceTable, wanted: readonly string[]) {
  const unknown = [...new Set(wanted)].filter((one) => regions[one] === undefined);
  const instead = regions[STAND_IN];
  if (!instead) return { regions, unknown: [] };
  return { regions: { ...regions, ...Object.fromEntries(unknown.map((one) => [one, instead])) }, unknown };
}

const sayAssumptions = (): string[] => {
  const { seconds, logKiB, containerGiB, ledgerGiB, evidenceGiB, rescans, canaryMinutes } = assumptions;
  const { ami, container, amiGiB } = measuredMonth;
  return [
    `by build, what the example used in its organization: ${ami.builds + container.builds} builds of ${ami.images + container.images} images`,
    ...seconds.map((one) => `a function with a time limit of up to ${one.upTo} s runs ${one.seconds} s`),
    `an invocation logs ${logKiB} KiB`,
    `an AMI has ${amiGiB} GiB, a container image ${containerGiB} GiB, the ledger ${ledgerGiB} GiB, the evidence ${evidenceGiB} GiB`,
    `Inspector scans each stored container image again ${rescans} times; a canary's instance runs ${canaryMinutes} minutes`,
  ];
};

const NOT_COUNTED = [
  "a NAT gateway or interface endpoints for the builds' network, which the factory does not create: about 35 or 48 dollars a month",
  "Inspector's scans of other instances and repositories of the account; KMS requests that services make by themselves",
  "the free tier (among others ten alarms, ten custom metrics and three dashboards of an account), discounts and taxes",
];

/** Amounts that would round to 0.00 are shown as `<0.01`. */
export const moneyOf = (amount: number): string => (amount > 0 && amount < 0.005 ? "<0.01" : amount.toFixed(2));

/** How many of a unit, without the thousands that its price is for. */
export function usedOf({ kind, quantity }: Pick<CostLine, "kind" | "quantity">): string {
  const count = quantity * (itemOf(kind).per ?? 1);
  return count >= 100 || Number.isInteger(count) ? Math.round(count).toLocaleString("en") : count.toFixed(2);
}

export const billHead = (currency: string): readonly string[] => [
  "service",
  "item",
  "region",
  "used",
  "price",
  currency,
];

/** The cells of a month's table, below `billHead`. */
export const billRows = ({ lines, total }: BilledMonth): readonly (readonly string[])[] => [
  ...lines.map((line) => {
    const { service, what, region, amount } = line;
    return [service, what, region, usedOf(line), priceOf(line), moneyOf(amount)];
  }),
  ["total", "", "", "", "", moneyOf(total)],
];

function priceOf({ kind, what, unit, price }: BilledMonth["lines"][number]): string {
  const { per = 1 } = itemOf(kind);
  const exact = String(Number(price.toPrecision(5)));
  const text = /\.\d\d/.test(exact) ? exact : price.toFixed(2);
  if (per > 1) return `${text} per ${per.toLocaleString("en")}`;
  // The item's name has the instance type.
  return what === unit ? text : `${text} per ${unit.replace(/ of .*/, "")}`;
}
