import * as z from "zod";
import { recurringSchema } from "./schedule-schema.ts";
import { accountId, duration, nameSchema, organizationalUnitId } from "./values.ts";

/** EC2 Auto Scaling bakes for at most two days (API reference, RefreshPreferences.BakeTime). */
const LONGEST_BAKE = 2 * 86_400;

const bake = duration
  .refine((seconds) => seconds <= LONGEST_BAKE, { error: 'at most "2d": EC2 Auto Scaling watches no longer' })
  .default(3600);

/** Auto Scaling groups that are refreshed together. */
const waveSchema = z
  .strictObject({
    /** Groups choose it by the tag `amint:wave`; the wave's parameter ends with it. */
    name: nameSchema,
    /** Takes the groups of these units' accounts, with every unit below them. */
    organizationalUnits: z.array(organizationalUnitId).min(1).optional(),
    accounts: z.array(accountId).min(1).optional(),
    /** Takes the groups that bear one of these tags. */
    tag: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
    /** How long the wave's last group must have been healthy before the next wave starts. */
    bake,
  })
  .refine(({ organizationalUnits, accounts, tag }) => [organizationalUnits, accounts, tag].filter(Boolean).length < 2, {
    error: "one of organizationalUnits, accounts, tag, or none of them: every group that no earlier wave takes",
  });

export type Wave = z.output<typeof waveSchema>;

const percent = z
  .string()
  .regex(/^(100|\d{1,2})%$/, { error: 'a percentage such as "20%"' })
  .transform((text) => Number(text.slice(0, -1)));

/** CloudWatch alarms by name, in each group's own account and region. */
const alarms = z.array(z.string().min(1).max(255)).max(10).default([]);

/** How running instances follow a channel: Auto Scaling groups that opted in by the tag `amint:rollout`, wave by wave. */
export const rolloutSchema = z.strictObject({
  waves: z
    .array(waveSchema)
    .min(1)
    .default([{ name: "all", bake: 3600 }]),
  /** When instances may be replaced: from each time of a cron on, for as long as `duration`. Left out: at any time. */
  windows: z.array(recurringSchema.omit({ images: true, reason: true })).default([]),
  /** The part of a group's desired capacity that stays healthy while it is refreshed, in percent. */
  minHealthy: z.int().min(0).max(100).default(100),
  /** What a group may grow to meanwhile, in percent of its desired capacity; at most 100 above `minHealthy`. */
  maxHealthy: z.int().min(100).max(200).default(110),
  /** How long after its launch an instance counts as ready, in seconds; left out: as the group says. */
  warmup: duration.optional(),
  /** The roll-out halts when more of a wave's groups fail. */
  maxFailed: percent.default(20),
  /** A refresh fails, and is rolled back, when one of these goes into ALARM. */
  alarms,
  /** What a revocation does: `fast` replaces in all waves at once, at any time; `waves` as every other build. */
  revoked: z.enum(["fast", "waves"]).default("fast"),
});

export type Rollout = z.output<typeof rolloutSchema>;

/** What roll-outs may do in consumers' accounts beyond refreshing groups that opted in. */
export const consumerRolloutSchema = z.strictObject({
  /**
   * Accounts in which Amint may make versions of launch templates and have them launched: for groups whose template, or
   * mixed instances policy, names an AMI by its id.
   */
  templateVersions: z.array(accountId).default([]),
  /** Roles, by name, that instances of such templates are launched with; `*` at the end stands for any. */
  instanceRoles: z
    .array(z.string().regex(/^[\w+=,.@-]{1,64}\*?$/, { error: 'a role\'s name such as "web-server" or "app-*"' }))
    .default([]),
  /** SSM Change Calendars, by name or ARN, as a group's account sees them: while one is closed, nothing starts there. */
  calendars: z.array(z.string().min(1)).max(10).default([]),
});
