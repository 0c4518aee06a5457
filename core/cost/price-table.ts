import * as z from "zod";
import { regionSchema } from "../factory/values.ts";

const price = z.number().positive();

/** Items that have one price in a region. */
const otherItems = [
  "key",
  "keyRequests",
  "alarm",
  "metric",
  "dashboard",
  "logGiB",
  "traces",
  "events",
  "schedules",
  "messages",
  "parameter",
  "parameterCalls",
  "dynamodbGiBMonth",
  "dynamodbBackupGiBMonth",
  "s3GiBMonth",
  "s3Writes",
  "s3Reads",
  "inspectorInstance",
  "inspectorImage",
  "inspectorRescan",
] as const;

export type OtherItem = (typeof otherItems)[number];

/** A region's prices, in the table's currency. An amount without a price is omitted from sums, and named. */
const regionPrices = z.strictObject({
  /**
   * An hour of EC2 on demand (Linux, shared tenancy), by instance type.
   * @example { "m7i.large": 0.1 }
   */
  instanceHour: z
    .record(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: 'an instance type such as "m7i.large"' }), price)
    .default({}),
  /**
   * A GiB of a gp3 volume for a month.
   * @example 0.08
   */
  gp3GiBMonth: price.optional(),
  /**
   * A GiB of a snapshot in the standard tier for a month.
   * @example 0.05
   */
  snapshotGiBMonth: price.optional(),
  /**
   * A GiB in a private Amazon ECR repository for a month.
   * @example 0.1
   */
  ecrGiBMonth: price.optional(),
  /**
   * A GiB that is transferred to another region, by that region, or `"*"` for all other regions.
   * @example { "*": 0.02 }
   */
  copyGiBTo: z
    .record(z.union([z.literal("*"), regionSchema], { error: '"*" or an AWS region such as "eu-west-1"' }), price)
    .default({}),
  /**
   * Prices of AWS Lambda.
   * @example { millionRequests: 0.2, gbSecond: { arm64: 0.0000133 } }
   */
  lambda: z
    .strictObject({
      /**
       * A million requests.
       * @example 0.2
       */
      millionRequests: price,
      /**
       * A GB-second, by architecture.
       * @example { arm64: 0.0000133 }
       */
      gbSecond: z.strictObject({
        /**
         * A GB-second on arm64.
         * @example 0.0000133
         */
        arm64: price.optional(),
        /**
         * A GB-second on x86_64.
         * @example 0.0000167
         */
        x86_64: price.optional(),
      }),
    })
    .optional(),
  /**
   * A thousand state transitions of Step Functions Standard workflows.
   * @example 0.025
   */
  thousandTransitions: price.optional(),
  /**
   * DynamoDB on demand, table class Standard.
   * @example { millionReads: 0.14, millionWrites: 0.7 }
   */
  dynamodb: z
    .strictObject({
      /**
       * A million read request units.
       * @example 0.14
       */
      millionReads: price,
      /**
       * A million write request units.
       * @example 0.7
       */
      millionWrites: price,
    })
    .optional(),
  /**
   * Prices of the other items of `amint cost --estimate`, each for the quantity in its price column.
   * @example { key: 1, alarm: 0.1 }
   */
  other: z
    .record(
      z.string().regex(new RegExp(`^(${otherItems.join("|")})$`), { error: `one of ${otherItems.join(", ")}` }),
      price,
    )
    .optional(),
});

export const priceTableSchema = z.strictObject({
  /**
   * Where the prices come from.
   * @example "the invoice of March"
   */
  source: z.string().min(1),
  /**
   * The date on which they were valid.
   * @example "2026-04-01"
   */
  date: z.iso.date({ error: 'a date such as "2026-04-01"' }),
  /**
   * Currency, by ISO 4217.
   * @example "EUR"
   */
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'an ISO 4217 currency such as "USD"' }),
  /**
   * Prices by region. Every region of the factory needs an entry.
   * @example { "eu-west-1": { snapshotGiBMonth: 0.05 } }
   */
  regions: z.record(regionSchema, regionPrices).refine((regions) => Object.keys(regions).length > 0, {
    error: 'prices of at least one region, such as { "eu-west-1": { "snapshotGiBMonth": 0.05 } }',
  }),
});

/** Prices, with their source and date. */
export type PriceTable = z.output<typeof priceTableSchema>;
export type RegionPrices = PriceTable["regions"][string];
