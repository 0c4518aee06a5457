import { createHash } from "node:crypto";
import type { NeverCode, Trigger, WaitCode } from "../../events/build.ts";
import type { BaseId, BuildArn } from "../../events/ids.ts";
import type { Image } from "../factory/image-schema.ts";
import { isPatchDay } from "../schedule/patch-day.ts";
import { buildVersion } from "./build-arn.ts";
import type { Reason } from "./reasons.ts";

export interface StartedBuild extends JudgedBuild {
  readonly build: BuildArn;
  readonly parentBuild?: BuildArn | undefined;
  /** The AMI or container image from outside the factory that it started from. */
  readonly base?: BaseId | undefined;
}

/** The facts for deciding whether an image is built now. */
export interface StartSituation {
  readonly image: Image;
  /** None of them has started a build yet. */
  readonly reasons: readonly Reason[];
  /** Set while the image is being built; its build is unknown for a moment. */
  readonly claim: { readonly build?: BuildArn | undefined } | undefined;
  readonly builds: readonly StartedBuild[];
  /** The image's current fingerprint. */
  readonly config: string;
  /** The build that the parent's channel points at, for an image whose parent is an image of the factory. */
  readonly parentBuild: BuildArn | undefined;
  /** The parameter that the image starts from, if it does not name that build's AMI yet. */
  readonly parentBehind?: string | undefined;
  readonly blackout: { readonly reason: string; readonly until: Date } | undefined;
  /** Whether one of the reasons is an advisory that is urgent for the image. */
  readonly urgent?: boolean;
  readonly now: Date;
}

export interface Wait {
  readonly kind: "wait";
  readonly code: WaitCode;
  readonly reason: string;
  /** When the wait ends, if known. */
  readonly until?: Date;
}

export interface Never {
  readonly code: NeverCode;
  readonly reason: string;
  readonly reasons: readonly Reason[];
}

export interface StartDecision {
  /** Reasons that never start a build. */
  readonly never: readonly Never[];
  /** The decision for the other reasons; `nothing` without any. */
  readonly verdict: { readonly kind: "start" } | { readonly kind: "nothing" } | Wait;
  readonly reasons: readonly Reason[];
}

/** Decides which reasons count, and whether they start a build now. */
export function decideStart(situation: StartSituation): StartDecision {
  const { reasons: asked } = situation;
  const refused = asked.flatMap((reason) => {
    const why = refuse(reason, situation);
    return why ? [{ ...why, reasons: [reason] }] : [];
  });
  const never = [...Map.groupBy(refused, ({ reason }) => reason).values()].map((alike) => ({
    ...alike[0]!,
    reasons: alike.flatMap(({ reasons }) => reasons),
  }));
  const gone = new Set(refused.flatMap(({ reasons }) => reasons));
  const reasons = asked.filter((reason) => !gone.has(reason));
  return { never, verdict: reasons.length === 0 ? { kind: "nothing" } : decideTime(reasons, situation), reasons };
}

/** Whether a trigger is a candidate date of the schedule that is not patch day: ignored, and not reported. */
export function isOffDay({ triggers: { schedule } }: Image, trigger: Trigger): boolean {
  if (trigger.kind !== "schedule" || schedule?.kind !== "patch-tuesday") return false;
  return !isPatchDay(schedule, new Date(trigger.scheduledTime));
}

/** Why a reason never starts a build; undefined if it may. */
function refuse({ trigger }: Reason, situation: StartSituation): Omit<Never, "reasons"> | undefined {
  const { image, parentBuild, builds } = situation;
  if ("image" in image.parent && !parentBuild && trigger.kind !== "packages") {
    return { code: "unpromoted", reason: withoutParent(image.parent) };
  }
  if (trigger.kind === "parent" && trigger.parentBuild !== parentBuild) {
    return { code: "outdated", reason: `its parent's channel now points at ${parentBuild}` };
  }
  const latest = builds
    .filter(({ status }) => status === "available")
    .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
    .at(-1);
  if (!latest) return undefined;
  const answered =
    (trigger.kind === "parent" && latest.parentBuild === trigger.parentBuild) ||
    (trigger.kind === "base" && latest.base === trigger.to);
  if (!answered) return undefined;
  const from = trigger.kind === "base" ? trigger.to : trigger.parentBuild;
  return { code: "answered", reason: `build ${buildVersion(latest.build)} already started from ${from}` };
}

const withoutParent = ({ image, channel }: { image: string; channel: string }): string =>
  `its parent ${image} has no build in channel ${channel} yet`;

/** Starts now, or waits, and for what. Manual requests wait only for a build in progress, and for the parent. */
function decideTime(reasons: readonly Reason[], situation: StartSituation): { kind: "start" } | Wait {
  const { image, claim, builds, config, parentBuild, parentBehind, blackout, urgent, now } = situation;
  if (claim) {
    const what = claim.build ? `build ${buildVersion(claim.build)}` : "a build";
    return { kind: "wait", code: "building", reason: `${what} is in progress` };
  }
  if ("image" in image.parent && !parentBuild) {
    return { kind: "wait", code: "parent", reason: withoutParent(image.parent) };
  }
  if (parentBehind) {
    const wanted = parentBuild
      ? `the AMI of its parent's build ${buildVersion(parentBuild)}`
      : "an AMI that matches its parent's new pattern";
    const reason = `${parentBehind} does not name ${wanted} yet`;
    return { kind: "wait", code: "parent", reason };
  }
  if (reasons.some(({ trigger }) => trigger.kind === "manual")) return { kind: "start" };
  const { breaker, minimumInterval } = image.triggers;
  const failures = failuresInARow(builds, config);
  if (failures >= breaker.failures) {
    const reason = `the last ${failures} builds failed: automatic builds are stopped until a manual build succeeds or the image's config changes`;
    return { kind: "wait", code: "breaker", reason };
  }
  if (blackout)
    return { kind: "wait", code: "blackout", reason: `blackout: ${blackout.reason}`, until: blackout.until };
  if (urgent) return { kind: "start" };
  const last = Math.max(...builds.map(({ startedAt }) => Date.parse(startedAt)));
  const until = new Date(last + minimumInterval * 1000);
  if (builds.length > 0 && until > now) {
    return { kind: "wait", code: "interval", reason: "the minimum interval between builds is not over", until };
  }
  return { kind: "start" };
}
/** The facts about a build for the breaker. */
export interface JudgedBuild {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly startedAt: string;
  /** The image's fingerprint when the build started; unknown for builds that were started outside the factory. */
  readonly config?: string | undefined;
}

/**
 * How many of the newest builds in a row failed with the image's current config. A successful build or one with an earlier
 * config ends the count. Builds that are in progress, were cancelled, or have an unknown config are skipped.
 */
export function failuresInARow(builds: readonly JudgedBuild[], config: string): number {
  let failures = 0;
  for (const build of builds.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))) {
    if (build.status === "available" || (build.config !== undefined && build.config !== config)) break;
    if (build.status === "failed" && build.config === config) failures++;
  }
  return failures;
}

/**
 * A fingerprint of an image's config and recipe.
 * @param recipe the ARN of the pipeline's recipe; its version is derived from the documents' content
 */
export const imageFingerprint = (image: Image, recipe: string): string =>
  createHash("sha256")
    .update(JSON.stringify([recipe, image], sortKeys))
    .digest("hex")
    .slice(0, 40);

const sortKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
