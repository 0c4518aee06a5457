import type { Factory } from "../factory/factory-schema.ts";
import type { PriceTable } from "./price-table.ts";

type Used = Pick<Factory, "buildRegion" | "regions">;

/**
 * Checks that a given price table has prices for each of the factory's regions: a missing region would look free.
 * @returns a fault for each region without prices, with its fix
 */
export const checkPrices = (prices: PriceTable, { buildRegion, regions }: Used, path: string): string[] =>
  [...new Set([buildRegion, ...regions])]
    .filter((region) => prices.regions[region] === undefined)
    .map(
      (region) =>
        `${path}.regions: no prices for ${region}, which the factory ${region === buildRegion ? "builds" : "publishes"} in; ` +
        `add "${region}": { "snapshotGiBMonth": ... }`,
    );
