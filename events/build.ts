import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { componentTest } from "./evidence.ts";
import { artifactId, baseId, buildArn, channelName, imageName } from "./ids.ts";

/** A build succeeded, with its tests; its AMI exists in the build region and is not shared. */
export const buildAvailable = defineEvent(
  "build.available",
  z.strictObject({ image: imageName, build: buildArn, amiId: artifactId }),
);

/** A build was cancelled; its image is released. */
export const buildCancelled = defineEvent("build.cancelled", z.strictObject({ image: imageName, build: buildArn }));

/** Why a build failed. `component`, `phase` and `step` are known where a component's document failed. */
export const buildFailure = z.strictObject({
  component: z.string().optional(),
  phase: z.string().optional(),
  step: z.string().optional(),
  reason: z.string().min(1),
  /** If the build reached its tests: the components that passed, failed and did not run. */
  tests: z
    .strictObject({ source: z.string().min(1), at: z.iso.datetime(), components: z.array(componentTest).min(1) })
    .optional(),
});

export type BuildFailure = z.output<typeof buildFailure>;

export const buildFailed = defineEvent(
  "build.failed",
  z.strictObject({
    image: imageName,
    build: buildArn,
    failure: buildFailure,
    /**
     * After this many failures in a row, only manual requests start a build, until one succeeds or the image changes.
     */
    breaker: z.strictObject({ failures: z.int().min(1) }).optional(),
  }),
);

/**
 * A vendor's severity of an advisory, least severe first. `unknown`: the vendor does not rate it, like Debian's
 * archive, or has not rated it yet.
 */
export const advisorySeverities = ["unknown", "low", "medium", "important", "critical"] as const;

export const advisorySeverity = z.enum(advisorySeverities);

export type AdvisorySeverity = z.output<typeof advisorySeverity>;

/** An advisory that applies to a build: its fixes, and the packages that are installed in an older version. */
const applicableAdvisory = z.strictObject({
  /**
   * The vendor's id, `ALAS2023-2026-1695`; in archives without advisories `noble-security/openssl/3.0.13-0ubuntu3.9`.
   */
  id: z.string().min(1),
  severity: advisorySeverity,
  cves: z.array(z.string()),
  /** The CVEs that are exploited according to CISA; with the trigger's `exploited: "always"`. */
  exploited: z.array(z.string()).min(1).optional(),
  /** The day on which CISA listed the first of them. */
  listed: z.iso.date().optional(),
  /** The highest EPSS score of the CVEs, if it reaches the trigger's `epss`. */
  epss: z.number().min(0).max(1).optional(),
  packages: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        architecture: z.string(),
        /** Full versions, `[epoch:]version[-release]`. */
        installed: z.string().min(1),
        fixed: z.string().min(1),
        /** The first of the image's promoted builds with this installed version; absent where unknown. */
        since: buildArn.optional(),
      }),
    )
    .min(1),
});

export type ApplicableAdvisory = z.output<typeof applicableAdvisory>;

/**
 * How many advisories are included in full; others only by id, so that an event stays below EventBridge's size limit.
 */
export const MOST_REPORTED = 100;

const told = z.array(applicableAdvisory).max(MOST_REPORTED);

/** Advisories that apply to a channel's build. */
export const packagesTrigger = z.strictObject({
  kind: z.literal("packages"),
  /** The examined build. */
  build: buildArn,
  advisories: told,
  /** Ids of the advisories beyond `MOST_TOLD`. */
  others: z.array(z.string().min(1)).default([]),
});

/** An image's base, a public AMI or a registry's container image, has changed. */
export const baseTrigger = z.strictObject({
  kind: z.literal("base"),
  /**
   * The base's name: a public SSM parameter, or a container image with a tag, such as
   * `public.ecr.aws/docker/library/node:22`.
   */
  name: z.string().min(1),
  from: baseId,
  to: baseId,
});

/** Why a build starts. Triggers that arrived while a build was running start one build together. */
export const trigger = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("schedule"), scheduledTime: z.iso.datetime() }),
  packagesTrigger,
  baseTrigger,
  z.strictObject({ kind: z.literal("parent"), parent: imageName, channel: channelName, parentBuild: buildArn }),
  z.strictObject({
    kind: z.literal("manual"),
    /** For display: a name in the config's `people`, a principal, or the name that an unverified request gives. */
    requestedBy: z.string().min(1),
    /** The requester's IAM identity as verified by Lambda; absent for unverified requests. */
    principal: z.string().startsWith("arn:").optional(),
    /** Added by the requester, such as the user for whom a CI system requests it; not verified. */
    note: z.string().min(1).max(200).optional(),
    reason: z.string().min(1).max(500).optional(),
    /** `amint build --urgent`, by a person who may approve the image's builds. */
    urgent: z.literal(true).optional(),
  }),
]);

export type Trigger = z.output<typeof trigger>;

/** A pipeline run was started; `parentBuild` is its parent's promoted build. */
export const buildStarted = defineEvent(
  "build.started",
  z.strictObject({
    image: imageName,
    build: buildArn,
    triggers: z.array(trigger).min(1),
    parentBuild: buildArn.optional(),
  }),
);

/** Why triggers wait: a running build, too many failures, a blackout, the minimum interval, no promoted parent. */
export const waitCodes = ["building", "breaker", "blackout", "interval", "parent"] as const;

export type WaitCode = (typeof waitCodes)[number];

/**
 * Why triggers never start a build: the parent has no promoted build, or a newer one; a build from that parent or AMI
 * has started meanwhile; the advisory still applies to a build that was started because of it; it is below the image's
 * threshold, waived, or fixed by the parent (`passed-over`: a later config may change that); its source does not
 * confirm it (`unproven`: forged or outdated).
 */
export const neverCodes = ["unpromoted", "outdated", "answered", "unfixed", "passed-over", "unproven"] as const;

export type NeverCode = (typeof neverCodes)[number];

/** A trigger that starts no build, now or ever, and why. Published once per trigger and code, not for each try. */
export const triggerSuppressed = defineEvent(
  "trigger.suppressed",
  z.strictObject({
    image: imageName,
    triggers: z.array(trigger).min(1),
    /** `waits`: the triggers are stored, and start a build when the cause has ended. */
    decision: z.enum(["waits", "never"]),
    code: z.enum([...waitCodes, ...neverCodes]),
    reason: z.string().min(1),
    /** When the wait ends, if known. */
    until: z.iso.datetime().optional(),
  }),
);
