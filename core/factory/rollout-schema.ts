import * as z from "zod";
import { recurringSchema } from "./schedule-schema.ts";
import { accountId, anyTags, duration, durationWhere, nameSchema, organizationalUnitId } from "./values.ts";

/** EC2 Auto Scaling bakes for at most two days (API reference, RefreshPreferences.BakeTime). */
const LONGEST_BAKE = 2 * 86_400;

const bake = durationWhere((seconds) => seconds <= LONGEST_BAKE, 'at most "2d"; EC2 Auto Scaling bakes no longer');

/** Auto Scaling groups that are refreshed together. */
const waveSchema = z
  .strictObject({
    /**
     * The wave's name: a group selects the wave by its tag `amint:wave`, and the name ends the wave's parameter.
     * @example "early"
     */
    name: nameSchema,
    /**
     * The wave consists of groups in accounts of these OUs and of their child OUs.
     * @example ["ou-exam-workload"]
     */
    organizationalUnits: z.array(organizationalUnitId).min(1).optional(),
    /**
     * The wave consists of groups in these accounts.
     * @example ["400000000002"]
     */
    accounts: z.array(accountId).min(1).optional(),
    /**
     * The wave consists of groups that have one of these tags.
     * @example { stage: "test" }
     */
    tag: anyTags.optional(),
    /**
     * How long instances are watched after the refresh of the wave's last group, before the next wave starts.
     * @example "2h"
     */
    bake: bake.prefault("1h"),
  })
  .refine(({ organizationalUnits, accounts, tag }) => [organizationalUnits, accounts, tag].filter(Boolean).length < 2, {
    error: "at most one of organizationalUnits, accounts, tag; with none, the wave has every group of no earlier wave",
  });

export type Wave = z.output<typeof waveSchema>;

export const percentage = z
  .string()
  .regex(/^(100|\d{1,2})%$/, { error: 'a percentage such as "20%"' })
  .transform((text) => Number(text.slice(0, -1)))
  .meta({ title: "percentage" });

/** How running instances follow a channel: Auto Scaling groups that opted in by the tag `amint:rollout`, wave by wave. */
export const rolloutSchema = z.strictObject({
  /**
   * Waves, in their order. A wave selects groups by `accounts`, `organizationalUnits` or `tag`; the last wave may have none
   * of them and has all other groups.
   * @example [{ name: "early", accounts: ["400000000002"] }, { name: "rest" }]
   */
  waves: z
    .array(waveSchema)
    .min(1)
    .prefault([{ name: "all" }]),
  /**
   * When refreshes may start. Windows do not end a refresh that has started, and `blackouts` close them.
   * @example [{ cron: "0 1 ? * MON-FRI *", duration: "5h", timezone: "Europe/Berlin" }]
   */
  windows: z.array(recurringSchema.omit({ images: true, reason: true })).default([]),
  /**
   * Percentage of a group's desired capacity that stays healthy during a refresh (`MinHealthyPercentage`).
   * @example 90
   */
  minHealthy: z.int().min(0).max(100).default(100),
  /**
   * Percentage of a group's desired capacity that the group may grow to during a refresh (`MaxHealthyPercentage`). At most
   * 100 above `minHealthy`; both cannot be 100.
   * @example 120
   */
  maxHealthy: z.int().min(100).max(200).default(110),
  /**
   * How long after its launch an instance counts as ready (`InstanceWarmup`).
   * @defaultValue the group's own warmup
   * @example "5m"
   */
  warmup: duration.optional(),
  /**
   * The roll-out halts when more than this percentage of a wave's groups fail.
   * @example "10%"
   */
  maxFailed: percentage.prefault("20%"),
  /**
   * CloudWatch alarms, by name, in each group's account and region. An alarm in ALARM fails the refresh, which is rolled
   * back, and halts the roll-out.
   * @example ["checkout-5xx"]
   */
  alarms: z.array(z.string().min(1).max(255)).max(10).default([]),
  /**
   * What a revocation does: `"fast"` refreshes all waves at once, outside windows too; `"waves"` as for every other build.
   * @example "waves"
   */
  revoked: z.enum(["fast", "waves"]).default("fast"),
  /**
   * How urgent builds are rolled out.
   * @defaultValue as every other build
   * @example { bake: "5m", waves: [["early"], ["test", "production"]] }
   */
  urgent: z
    .strictObject({
      /**
       * How long instances are watched after each step.
       * @defaultValue each wave's `bake`
       * @example "5m"
       */
      bake: bake.optional(),
      /**
       * The steps, each with the names of the waves that are refreshed together. Each wave occurs once.
       * @defaultValue one wave after the other
       * @example [["early"], ["test", "production"]]
       */
      waves: z.array(z.array(nameSchema).min(1)).min(1).optional(),
    })
    .optional(),
});

export type Rollout = z.output<typeof rolloutSchema>;

/** What roll-outs may do in consumer accounts beyond refreshing groups that opted in. */
export const consumerRolloutSchema = z.strictObject({
  /**
   * Accounts in which Amint may create launch template versions and have them launched: for groups whose template, or mixed
   * instances policy, names an AMI by its ID.
   * @example ["500000000001"]
   */
  templateVersions: z.array(accountId).default([]),
  /**
   * Names of the roles that instances of such templates have; a trailing `*` matches any suffix. Requires
   * `templateVersions`.
   * @example ["web-*"]
   */
  instanceRoles: z
    .array(z.string().regex(/^[\w+=,.@-]{1,64}\*?$/, { error: 'a role name such as "web-server" or "app-*"' }))
    .default([]),
  /**
   * SSM Change Calendars, by name or ARN, as the group's account sees them. While one is closed, no refresh starts there.
   * @example ["freeze"]
   */
  calendars: z.array(z.string().min(1)).max(10).default([]),
});
