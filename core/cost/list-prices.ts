import recorded from "./list-prices.json" with { type: "json" };
import type { PriceTable } from "./price-table.ts";

/**
 * AWS's on-demand list prices, entered by hand: first tiers, no free tier, no discounts, no tax. Regions and types that
 * are missing here have no price, and estimates list them; `amint cost --estimate` uses those of us-east-1 for an unknown
 * region. `amint cost --prices` and `cost.prices` replace the whole table, in the same format.
 */
export const listPrices: PriceTable = recorded;
