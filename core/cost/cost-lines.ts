import { type CostKind, itemOf, items } from "./items.ts";
import type { PriceTable } from "./price-table.ts";

const order = Object.keys(items);

/** A quantity of an item, in what its price is for. */
export interface Part {
  readonly kind: CostKind;
  /** Undefined if it cannot be attributed to an image. */
  readonly image?: string | undefined;
  readonly region: string;
  readonly quantity: number;
  /** An instance type, an architecture, or the region from which is copied. */
  readonly of?: string;
}

/** One item of an estimate. */
export interface CostLine {
  readonly kind: CostKind;
  /** Absent if it cannot be attributed to an image. */
  readonly image?: string;
  readonly region: string;
  readonly quantity: number;
  /** What `quantity` counts and `price` is for. */
  readonly unit: string;
  readonly price: number;
  readonly amount: number;
}

/** A part of a number of things, which the price may be for thousands of. */
export const counted = (kind: CostKind, region: string, count: number, of?: string): Part => ({
  kind,
  region,
  quantity: count / (itemOf(kind).per ?? 1),
  ...(of !== undefined && { of }),
});

const named = (text: string, { of = "" }: Part): string => text.replace("{of}", of);

function unitOf(part: Part): string {
  const { unit, per = 1 } = itemOf(part.kind);
  return named(per === 1 ? unit : `${per.toLocaleString("en")} ${unit}`, part);
}

/** An item's name below its service's. */
export const labelOf = (part: Part): string => named(itemOf(part.kind).label ?? whatOf(part), part);

/** An item's name in sentences. */
const whatOf = (part: Part): string => {
  const { what, unit } = itemOf(part.kind);
  return named(what ?? unit, part);
};

const priceOf = ({ kind, region, of = "" }: Part, { regions }: PriceTable): number | undefined =>
  itemOf(kind).price(regions, region, of);

/** Adds up items with the same kind, image, region and unit, and sorts them. */
export function addUp(parts: readonly Part[]): Part[] {
  const alike = Map.groupBy(parts, ({ kind, image, region, of }) => JSON.stringify([kind, image, region, of]));
  return [...alike.values()]
    .flatMap(([first, ...others]) =>
      first ? [{ ...first, quantity: others.reduce((all, one) => all + one.quantity, first.quantity) }] : [],
    )
    .toSorted(
      (a, b) =>
        compare(a.image ?? "~", b.image ?? "~") ||
        order.indexOf(a.kind) - order.indexOf(b.kind) ||
        compare(a.region, b.region),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What has a price, added up. */
export const toLines = (parts: readonly Part[], prices: PriceTable): CostLine[] =>
  addUp(parts).flatMap((part) => {
    const price = priceOf(part, prices);
    if (price === undefined) return [];
    const { kind, image, region, quantity } = part;
    const amount = quantity * price;
    return [{ kind, ...(image !== undefined && { image }), region, quantity, unit: unitOf(part), price, amount }];
  });

export const sumOf = (lines: readonly CostLine[]): number => lines.reduce((all, { amount }) => all + amount, 0);

/** What has no price, in sentences. */
export const withoutPrice = (parts: readonly Part[], prices: PriceTable): string[] => {
  const left = Map.groupBy(
    parts.filter((part) => priceOf(part, prices) === undefined),
    (part) => JSON.stringify([whatOf(part), part.region, unitOf(part)]),
  );
  return [...left.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const quantity = others.reduce((all, one) => all + one.quantity, first.quantity);
    return [`no price for ${whatOf(first)} in ${first.region}: ${quantity.toFixed(3)} x ${unitOf(first)} not counted`];
  });
};
