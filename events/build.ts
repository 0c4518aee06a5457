import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { componentTest } from "./evidence.ts";
import { artifactId, baseId, buildArn, channelName, imageName } from "./ids.ts";

/** A build was made and its tests passed; its AMI exists in the build region and is shared with nobody. */
export const buildAvailable = defineEvent(
  "build.available",
  z.strictObject({ image: imageName, build: buildArn, amiId: artifactId }),
);

/** Somebody cancelled a build; nothing waits for it any longer. */
export const buildCancelled = defineEvent("build.cancelled", z.strictObject({ image: imageName, build: buildArn }));

/** What stopped a build. `component`, `phase` and `step` are known where a component's document failed. */
export const buildFailure = z.strictObject({
  component: z.string().optional(),
  phase: z.string().optional(),
  step: z.string().optional(),
  reason: z.string().min(1),
  /** Where the build came to its tests: which component passed, which failed, and which did not run any more. */
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
    /** So many builds in a row have failed that only people start one now, until one succeeds or the image changes. */
    breaker: z.strictObject({ failures: z.int().min(1) }).optional(),
  }),
);

/**
 * How severe a vendor calls an advisory, least severe first. `unknown`: the vendor does not say, as Debian's archive does
 * not, or has not said yet.
 */
export const advisorySeverities = ["unknown", "low", "medium", "important", "critical"] as const;

export const advisorySeverity = z.enum(advisorySeverities);

export type AdvisorySeverity = z.output<typeof advisorySeverity>;

/** An advisory that applies to a build: what it fixes, and what of that is installed in an older version. */
const applicableAdvisory = z.strictObject({
  /** The vendor's id: `ALAS2023-2026-1695`; for an archive without advisories `noble-security/openssl/3.0.13-0ubuntu3.9`. */
  id: z.string().min(1),
  severity: advisorySeverity,
  cves: z.array(z.string()),
  /** Of the CVEs those that are exploited, as CISA says; with the trigger's `exploited: "always"`. */
  exploited: z.array(z.string()).min(1).optional(),
  /** The highest EPSS score of the CVEs, where it reaches the trigger's `epss`. */
  epss: z.number().min(0).max(1).optional(),
  packages: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        architecture: z.string(),
        /** Versions in full, `[epoch:]version[-release]`. */
        installed: z.string().min(1),
        fixed: z.string().min(1),
        /** The first of the image's promoted builds that had this version installed; left out where nobody knows. */
        since: buildArn.optional(),
      }),
    )
    .min(1),
});

export type ApplicableAdvisory = z.output<typeof applicableAdvisory>;

/** How many advisories are told in full; further ones only by id, so that an event stays below EventBridge's size limit. */
export const MOST_TOLD = 100;

const told = z.array(applicableAdvisory).max(MOST_TOLD);

/** Advisories that apply to a build that a channel points at. */
export const packagesTrigger = z.strictObject({
  kind: z.literal("packages"),
  /** The build that was looked at. */
  build: buildArn,
  advisories: told,
  /** Ids of further ones, where there are more than are told in full. */
  others: z.array(z.string().min(1)).default([]),
});

/** The public AMI, or the registry's container image, that an image starts from is another one now. */
export const baseTrigger = z.strictObject({
  kind: z.literal("base"),
  /** What names it: a public SSM parameter, or a container image by a tag, such as `public.ecr.aws/docker/library/node:22`. */
  name: z.string().min(1),
  from: baseId,
  to: baseId,
});

/** Why a build starts. Several reasons that met while a build was running become one start with all of them. */
export const trigger = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("schedule"), scheduledTime: z.iso.datetime() }),
  packagesTrigger,
  baseTrigger,
  z.strictObject({ kind: z.literal("parent"), parent: imageName, channel: channelName, parentBuild: buildArn }),
  z.strictObject({
    kind: z.literal("manual"),
    /** For readers: a name of the config's `people`, a principal, or what an unidentified request says of itself. */
    requestedBy: z.string().min(1),
    /** The IAM identity that asked, as Lambda had IAM verify it; left out where nothing verified who asked. */
    principal: z.string().startsWith("arn:").optional(),
    /** What the requester adds, such as on whose behalf a CI system asks; it proves nothing. */
    note: z.string().min(1).max(200).optional(),
    reason: z.string().min(1).max(500).optional(),
  }),
]);

export type Trigger = z.output<typeof trigger>;

/** A pipeline's run was started; `parentBuild` is the promoted build it starts from. */
export const buildStarted = defineEvent(
  "build.started",
  z.strictObject({
    image: imageName,
    build: buildArn,
    triggers: z.array(trigger).min(1),
    parentBuild: buildArn.optional(),
  }),
);

/** Why reasons wait: a build is under way, too many failed, a blackout, the minimum interval, no promoted parent. */
export const waitCodes = ["building", "breaker", "blackout", "interval", "parent"] as const;

export type WaitCode = (typeof waitCodes)[number];

/**
 * Why reasons start nothing, ever: the parent has no promoted build, or a newer one; a build from that parent or AMI was
 * started meanwhile; the advisory applies still to a build that was started because of it; it is below the image's
 * threshold, waived, or comes with the parent (`passed-over`: of these, what the config says later may start one); its source
 * does not say so (`unproven`: a forged event, or one that is out of date).
 */
export const neverCodes = ["unpromoted", "outdated", "answered", "unfixed", "passed-over", "unproven"] as const;

export type NeverCode = (typeof neverCodes)[number];

/** A trigger that starts no build (now), and why. Said once for each reason and code, not at each new try. */
export const triggerSuppressed = defineEvent(
  "trigger.suppressed",
  z.strictObject({
    image: imageName,
    triggers: z.array(trigger).min(1),
    /** `waits`: the triggers are kept, and start a build when what holds them back is over. */
    decision: z.enum(["waits", "never"]),
    code: z.enum([...waitCodes, ...neverCodes]),
    reason: z.string().min(1),
    /** When a wait is over, where that is known. */
    until: z.iso.datetime().optional(),
  }),
);
