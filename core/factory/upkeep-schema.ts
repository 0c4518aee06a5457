import * as z from "zod";
import { osNames } from "../component/operating-system.ts";
import { priceTableSchema } from "../cost/price-table.ts";
import { duration, durationAtLeast, durationBetween, durationWhere } from "./values.ts";

const DAY = 86_400;

/** Comparison of what is published with AWS. */
export const reconcileSchema = z.strictObject({
  /**
   * Time between two comparisons of everything. In between, `reconcile` only continues what is in progress or overdue.
   * @defaultValue 1 hour, or 24 hours with a `cloudTrail`
   * @example "12h"
   */
  fullComparisonEvery: durationBetween("1h", "7d").optional(),
});

/** How long resources that no consumer will use are kept. */
export const leftoversSchema = z.strictObject({
  /**
   * AMIs and snapshots of failed, rejected and half-distributed builds, counted from the last event of the build.
   * @example "30d"
   */
  keep: durationAtLeast("24h").prefault("14d"),
  /**
   * Canary instances whose verification was interrupted, counted from their launch.
   * @example "4h"
   */
  canaries: durationAtLeast("1h").prefault("2h"),
  /**
   * Building and testing instances whose build has ended, counted from their launch. Longer than any build takes.
   * @example "48h"
   */
  instances: durationAtLeast("12h").prefault("24h"),
});

/** The Recycle Bin rules for AMIs and snapshots with the factory's tag, in each region. */
export const recycleBinSchema = z.strictObject({
  /**
   * Set `false` if the organization has its own Recycle Bin rules.
   * @example false
   */
  enabled: z.boolean().default(true),
  // A year at most (Recycle Bin API reference, RetentionPeriod).
  /**
   * How long deregistered AMIs and deleted snapshots can be restored. They cost as before during this time.
   * @example "30d"
   */
  retain: durationWhere(
    (seconds) => seconds % DAY === 0 && seconds >= DAY && seconds <= 365 * DAY,
    'whole days from "1d" to "365d"',
  ).prefault("14d"),
});

/** The monthly notice of which accounts run which builds. */
export const fleetSchema = z.strictObject({
  /**
   * Whether the notice is sent.
   * @example false
   */
  monthlyNotice: z.boolean().default(true),
  /**
   * Day of the month, in UTC, on which Amint requests usage reports from EC2.
   * @example 15
   */
  onDay: z.int().min(1).max(28).default(1),
  /**
   * How long to wait for the reports. What EC2 has not reported by then is listed as not known.
   * @example "5d"
   */
  waitForReports: durationBetween("1d", "14d").prefault("3d"),
});

/** The cost alarm and its prices. */
export const costSchema = z.strictObject({
  /**
   * A notice is sent, once a month, when the month's estimate exceeds this amount, in the currency of the prices.
   * @defaultValue no alarm
   * @example 250
   */
  monthlyAlarm: z.number().positive().optional(),
  /**
   * Your prices, for every region of the factory.
   * @defaultValue the list prices that Amint includes
   * @example { source: "the invoice of March", date: "2026-04-01", currency: "EUR", regions: { "eu-west-1": { snapshotGiBMonth: 0.05 } } }
   */
  prices: priceTableSchema.optional(),
});

/** How vendors' advisories are read. */
export const feedsSchema = z.strictObject({
  /**
   * Operating systems whose mirrors (the secret `FeedMirrors`) are read without verifying a signature. `amint validate`
   * warns about them.
   * @example ["windows-2022"]
   */
  unverified: z.array(z.enum(osNames)).default([]),
});

export const objectivesSchema = z.strictObject({
  /**
   * Time from when Amint first sees an advisory until 90 % of the affected instances that opted in are replaced. An alarm
   * fires when it is exceeded.
   * @defaultValue no objective
   * @example "48h"
   */
  patched90: duration.optional(),
});
