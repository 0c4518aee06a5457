import * as z from "zod";
import { advisorySeverity } from "../../events/build.ts";
import { buildArn } from "../../events/ids.ts";

const count = z.int().min(0);

/** When a milestone was reached: seconds since the advisory was seen, and by how many seconds it may have been earlier. */
const reached = z.object({ seconds: count, within: count });

const milestones = z.object({
  p50: reached.exactOptional(),
  p90: reached.exactOptional(),
  p100: reached.exactOptional(),
});

/** When 50 %, 90 % and all of the affected instances were gone. Each is recorded once, whatever is launched later. */
export type Milestones = z.output<typeof milestones>;

const failure = z.object({ why: z.string(), refused: z.boolean() });

export const cell = z.object({
  /** When it was last asked, in seconds since the advisory was seen. */
  at: count,
  /** As of the last answer; absent before the first one. */
  known: z
    .object({
      /** Instances that ran an affected build when the advisory was seen, or at the first answer. */
      population: count,
      /** How many of these still do. */
      left: count,
      /** Instances that were launched from affected builds since then. */
      fresh: count,
      /** When the account answered. */
      at: count,
    })
    .exactOptional(),
  milestones,
  /** Why the last attempt failed. `refused`: access denied; otherwise the reason is temporary or unknown. */
  failed: failure.exactOptional(),
});

/** The state of an account in one clock. */
export type Cell = z.output<typeof cell>;

const fixedPackage = z.object({
  name: z.string(),
  architecture: z.string(),
  version: z.string(),
  module: z.string().exactOptional(),
  on: z.object({ name: z.string(), version: z.string() }).exactOptional(),
});

const datedBuild = z.object({ build: buildArn, startedAt: z.iso.datetime() });

const totals = z.object({
  accounts: count,
  /** Accounts that never answered, except those that denied access. */
  unknown: count,
  /** Accounts that denied access from the start. */
  refused: count,
  population: count,
  left: count,
  fresh: count,
  /** The oldest answer of the accounts where instances are left, or of all, in seconds since the advisory was seen. */
  heard: count,
});

export type Totals = z.output<typeof totals>;

export const clock = z.object({
  image: z.string(),
  channel: z.string(),
  advisory: z.string(),
  severity: advisorySeverity,
  cves: z.array(z.string()),
  /** The vendor's date or time; absent if the feed has none. */
  publishedAt: z.string().exactOptional(),
  /** When Amint first found that it applies. */
  seenAt: z.iso.datetime(),
  /** The build in which it was found. */
  affected: datedBuild,
  /** The fixes for that build's packages. */
  fixes: z.array(fixedPackage),
  /** Newer builds that are also affected. */
  stillOpen: z.array(buildArn),
  /** The first newer build that is not affected. */
  fix: datedBuild
    .extend({
      builtAt: z.iso.datetime().exactOptional(),
      /** When the image's first channel pointed at it, or at a newer one. */
      promotedAt: z.iso.datetime().exactOptional(),
      /** The same for this channel. */
      sharedAt: z.iso.datetime().exactOptional(),
    })
    .exactOptional(),
  /** When all accounts were last sampled. */
  sampledAt: z.iso.datetime().exactOptional(),
  totals: totals.exactOptional(),
  milestones,
  ended: z
    .object({ at: z.iso.datetime(), why: z.enum(["patched", "nothing-to-patch", "not-rolled-out", "given-up"]) })
    .exactOptional(),
});

/** The exposure clock of an advisory: how long it stays open in instances that follow a channel. */
export type Clock = z.output<typeof clock>;
