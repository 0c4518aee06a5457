import * as z from "zod";
import { regionSchema } from "../factory/values.ts";

const price = z.number().positive();

/** A region's prices, in the table's currency. Items without a price are not in the sum and are listed. */
const regionPrices = z.strictObject({
  /** EC2 on demand, Linux, shared tenancy: per hour, by instance type. */
  instanceHour: z.record(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/), price).default({}),
  /** gp3 volumes, per GiB and month. */
  gp3GiBMonth: price.optional(),
  /** Snapshots in the standard tier, per GiB and month. */
  snapshotGiBMonth: price.optional(),
  /** Private ECR repositories, per GiB and month. */
  ecrGiBMonth: price.optional(),
  /** Transfer to another region, per GiB, by that region; `*` is the price for all others. */
  copyGiBTo: z.record(z.union([z.literal("*"), regionSchema]), price).default({}),
  lambda: z
    .strictObject({
      millionRequests: price,
      gbSecond: z.strictObject({ arm64: price.optional(), x86_64: price.optional() }),
    })
    .optional(),
  /** Standard workflows, per 1,000 state transitions. */
  thousandTransitions: price.optional(),
  /** DynamoDB on demand, table class Standard, per million request units. */
  dynamodb: z.strictObject({ millionReads: price, millionWrites: price }).optional(),
});

export const priceTableSchema = z.strictObject({
  /** Where the prices come from, so that readers can check them. */
  source: z.string().min(1),
  /** When they were valid. */
  date: z.iso.date(),
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'a currency such as "USD"' }),
  regions: z
    .record(regionSchema, regionPrices)
    .refine((regions) => Object.keys(regions).length > 0, {
      error: 'prices of at least one region, such as { "eu-west-1": { "snapshotGiBMonth": 0.05 } }',
    })
    .prefault({}),
});

/** Prices by region, with their date and source. */
export type PriceTable = z.output<typeof priceTableSchema>;
export type RegionPrices = PriceTable["regions"][string];
