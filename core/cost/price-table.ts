import * as z from "zod";
import { regionSchema } from "../factory/values.ts";

const price = z.number().positive();

/** A region's prices, in the table's money. What is left out has no price, and is left out of a sum and named. */
const regionPrices = z.strictObject({
  /** EC2 on demand, Linux, shared tenancy: an hour, by instance type. */
  instanceHour: z.record(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/), price).default({}),
  /** A GiB of a gp3 volume for a month. */
  gp3GiBMonth: price.optional(),
  /** A GiB of a snapshot in the standard tier for a month. */
  snapshotGiBMonth: price.optional(),
  /** A GiB in a private repository of ECR for a month. */
  ecrGiBMonth: price.optional(),
  /** A GiB that leaves for another region, by that region; `*` stands for all that are not named. */
  copyGiBTo: z.record(z.union([z.literal("*"), regionSchema]), price).default({}),
  lambda: z
    .strictObject({
      millionRequests: price,
      gbSecond: z.strictObject({ arm64: price.optional(), x86_64: price.optional() }),
    })
    .optional(),
  /** A thousand state transitions of Standard workflows. */
  thousandTransitions: price.optional(),
  /** DynamoDB on demand, table class Standard: a million request units. */
  dynamodb: z.strictObject({ millionReads: price, millionWrites: price }).optional(),
});

export const priceTableSchema = z.strictObject({
  /** Where the prices were read, for whoever wants to check them. */
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

/** What things cost, where and when. */
export type PriceTable = z.output<typeof priceTableSchema>;
export type RegionPrices = PriceTable["regions"][string];
