import * as z from "zod";
import { priceTableSchema } from "../cost/price-table.ts";

/** What the factory may cost, and in which prices that is estimated. */
export const costSchema = z.strictObject({
  /** People are told, once a month, when the month's estimate passes this: in the price table's money. */
  monthlyAlarm: z.number().positive().optional(),
  /** Instead of the list prices that come with the factory. */
  prices: priceTableSchema.optional(),
});
