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
  /** What it started from that the factory did not make. */
  readonly base?: BaseId | undefined;
}

/** What is known about an image when there are reasons to build it. */
export interface StartSituation {
  readonly image: Image;
  /** None of them has started a build yet. */
  readonly reasons: readonly Reason[];
  /** That the image is being built; its build is unknown for a moment. */
  readonly claim: { readonly build?: BuildArn | undefined } | undefined;
  readonly builds: readonly StartedBuild[];
  /** The image's present fingerprint. */
  readonly config: string;
  /** The build that the parent's channel points at, for an image whose parent is an image of the factory. */
  readonly parentBuild: BuildArn | undefined;
  /** The parameter that the image starts from, where it does not name that build's AMI (yet). */
  readonly parentBehind?: string | undefined;
  readonly blackout: { readonly reason: string; readonly until: Date } | undefined;
  readonly now: Date;
}

export interface Wait {
  readonly kind: "wait";
  readonly code: WaitCode;
  readonly reason: string;
  /** When it is over, where that is known. */
  readonly until?: Date;
}

export interface Never {
  readonly code: NeverCode;
  readonly reason: string;
  readonly reasons: readonly Reason[];
}

export interface StartDecision {
  /** Reasons that start nothing, ever. */
  readonly never: readonly Never[];
  /** What the other reasons do together; `nothing` where there are none. */
  readonly verdict: { readonly kind: "start" } | { readonly kind: "nothing" } | Wait;
  readonly reasons: readonly Reason[];
}

/** Which reasons count, and whether they start a build now. */
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

/** One of the schedule's candidate dates that is not patch day: no reason, and nothing to tell anybody. */
export function isOffDay({ triggers: { schedule } }: Image, trigger: Trigger): boolean {
  if (trigger.kind !== "schedule" || schedule?.kind !== "patch-tuesday") return false;
  return !isPatchDay(schedule, new Date(trigger.scheduledTime));
}

/** Why a reason starts nothing, whenever it is asked. */
function refuse({ trigger }: Reason, situation: StartSituation): Omit<Never, "reasons"> | undefined {
  const { image, parentBuild, builds } = situation;
  if ("image" in image.parent && !parentBuild && trigger.kind !== "packages") {
    return { code: "unpromoted", reason: withoutParent(image.parent) };
  }
  if (trigger.kind === "parent" && trigger.parentBuild !== parentBuild) {
    return { code: "outdated", reason: `its parent's channel points at ${parentBuild} by now` };
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
  return { code: "answered", reason: `build ${buildVersion(latest.build)} was started from ${from} already` };
}

const withoutParent = ({ image, channel }: { image: string; channel: string }): string =>
  `its parent ${image} has no build in channel ${channel} yet`;

/** Now, or what has to be over first. What people ask for waits for nothing but a build that is under way. */
function decideTime(reasons: readonly Reason[], situation: StartSituation): { kind: "start" } | Wait {
  const { image, claim, builds, config, parentBuild, parentBehind, blackout, now } = situation;
  if (claim) {
    const what = claim.build ? `build ${buildVersion(claim.build)}` : "a build";
    return { kind: "wait", code: "building", reason: `${what} is under way` };
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
    const reason = `the last ${failures} builds failed: until somebody asks for one that succeeds, or changes the image, none starts by itself`;
    return { kind: "wait", code: "breaker", reason };
  }
  if (blackout)
    return { kind: "wait", code: "blackout", reason: `blackout: ${blackout.reason}`, until: blackout.until };
  const last = Math.max(...builds.map(({ startedAt }) => Date.parse(startedAt)));
  const until = new Date(last + minimumInterval * 1000);
  if (builds.length > 0 && until > now) {
    return { kind: "wait", code: "interval", reason: "the minimum interval between builds is not over", until };
  }
  return { kind: "start" };
}
/** A build, as far as the breaker looks at it. */
export interface JudgedBuild {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly startedAt: string;
  /** The image's fingerprint when it was started; unknown of builds that were started beside the factory. */
  readonly config?: string | undefined;
}

/**
 * How many builds in a row failed of what the image is now, the newest first. One that succeeded ends the row, and so
 * does one of an earlier config; one that is under way, that somebody cancelled, or whose config nobody knows is passed
 * over.
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
 * What an image is made from and how, as one value that changes with any of it.
 * @param recipe the ARN of the pipeline's recipe, whose version follows from the documents' content
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
