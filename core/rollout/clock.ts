import * as z from "zod";
import { advisorySeverity } from "../../events/build.ts";
import { buildArn } from "../../events/ids.ts";

const count = z.int().min(0);

/** When so many were gone: seconds since the advisory was seen, and in how many seconds before that it may have been. */
const reached = z.object({ seconds: count, within: count });

const milestones = z.object({
  p50: reached.exactOptional(),
  p90: reached.exactOptional(),
  p100: reached.exactOptional(),
});

/** When half, nine in ten, and all of the affected instances were gone; each once, whatever is launched later. */
export type Milestones = z.output<typeof milestones>;

const failure = z.object({ why: z.string(), refused: z.boolean() });

export const cell = z.object({
  /** When it was last asked, in seconds since the advisory was seen. */
  at: count,
  /** As of the last answer; left out where there was none yet. */
  known: z
    .object({
      /** Instances that ran an affected build when the advisory was seen, or at the first answer. */
      population: count,
      /** Of these, how many do so still. */
      left: count,
      /** Instances that were launched from affected builds since. */
      fresh: count,
      /** When it answered. */
      at: count,
    })
    .exactOptional(),
  milestones,
  /** Why it did not answer the last time. `refused`: AWS said no; otherwise nobody knows. */
  failed: failure.exactOptional(),
});

/** What is known of an account in one clock. */
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
  /** Accounts that never answered, without those that refuse. */
  unknown: count,
  /** Accounts that refused from the first. */
  refused: count,
  population: count,
  left: count,
  fresh: count,
  /** The oldest answer that is counted, in seconds since the advisory was seen. */
  heard: count,
});

export type Totals = z.output<typeof totals>;

export const clock = z.object({
  image: z.string(),
  channel: z.string(),
  advisory: z.string(),
  severity: advisorySeverity,
  cves: z.array(z.string()),
  /** As its vendor says: a day, or a moment; left out where the feed does not tell. */
  publishedAt: z.string().exactOptional(),
  /** When Amint first found that it applies. */
  seenAt: z.iso.datetime(),
  /** The build in which it was found. */
  affected: datedBuild,
  /** What it fixes of that build. */
  fixes: z.array(fixedPackage),
  /** Newer builds that have it, too. */
  stillOpen: z.array(buildArn),
  /** The first newer build that is free of it. */
  fix: datedBuild
    .extend({
      builtAt: z.iso.datetime().exactOptional(),
      /** When the image's first channel pointed at it, or at a newer one. */
      promotedAt: z.iso.datetime().exactOptional(),
      /** When this channel did. */
      sharedAt: z.iso.datetime().exactOptional(),
    })
    .exactOptional(),
  /** When all accounts were last asked. */
  sampledAt: z.iso.datetime().exactOptional(),
  totals: totals.exactOptional(),
  milestones,
  ended: z
    .object({ at: z.iso.datetime(), why: z.enum(["patched", "nothing-to-patch", "not-rolled-out", "given-up"]) })
    .exactOptional(),
});

/** How long an advisory stays open in the instances that follow a channel. */
export type Clock = z.output<typeof clock>;
