import { readFile } from "node:fs/promises";
import { checkPrices } from "../../core/cost/check-prices.ts";
import { listPrices } from "../../core/cost/list-prices.ts";
import { type PriceTable, priceTableSchema } from "../../core/cost/price-table.ts";
import { describeIssue } from "../../core/factory/describe-issue.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";

/**
 * The prices that an estimate is made with: those of a JSON file, of the factory's config, or the list prices.
 * @throws PricesUnusable naming each fault of the file with its path and fix
 */
export async function readPrices(factory: Factory, path?: string): Promise<PriceTable> {
  if (path === undefined) return factory.cost?.prices ?? listPrices;
  const parsed = priceTableSchema.safeParse(await readJson(path), { reportInput: true });
  const faults = parsed.success
    ? checkPrices(parsed.data, factory, "prices")
    : parsed.error.issues.flatMap((issue) => describeIssue({ ...issue, path: ["prices", ...issue.path] }));
  if (!parsed.success || faults.length > 0) throw new PricesUnusable(path, faults);
  return parsed.data;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new PricesUnusable(path, [cause instanceof Error ? cause.message : String(cause)], { cause });
  }
}

class PricesUnusable extends Error {
  override readonly name = "PricesUnusable";

  constructor(path: string, faults: readonly string[], options?: ErrorOptions) {
    super(`${path} is no price table for this factory:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`, options);
  }
}
