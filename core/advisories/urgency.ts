import {
  type AdvisorySeverity,
  type ApplicableAdvisory,
  advisorySeverities,
  type Trigger,
} from "../../events/build.ts";
import type { Urgency, UrgentAdvisory } from "../../events/gate.ts";
import type { Image } from "../factory/image-schema.ts";
import type { Urgent } from "../factory/urgent-schema.ts";

type Packages = NonNullable<Image["triggers"]["packages"]>;

const rank = (severity: AdvisorySeverity): number => advisorySeverities.indexOf(severity);

/** By what advisories are judged: what is urgent counts, even if the trigger alone would pass it over. */
export function watchedRule(
  { severity, exploited, epss }: Packages,
  urgent: Urgent | undefined,
): Pick<Packages, "severity" | "exploited" | "epss"> {
  if (!urgent) return { severity, exploited, epss };
  const scores = [epss, urgent.epss].filter((score) => score !== undefined);
  return {
    severity: urgent.severity && rank(urgent.severity) < rank(severity) ? urgent.severity : severity,
    exploited: urgent.exploited ?? exploited,
    epss: scores.length > 0 ? Math.min(...scores) : undefined,
  };
}

/** The urgent ones of advisories that apply to an image, each with why. @param before as they were last recorded */
export function findUrgent(
  advisories: readonly ApplicableAdvisory[],
  rule: Urgent | undefined,
  before: readonly UrgentAdvisory[],
  now: Date,
): UrgentAdvisory[] {
  if (!rule) return [];
  return advisories.flatMap(({ id: advisory, severity, exploited, listed, epss }) => {
    const isExploited = rule.exploited === "always" && exploited !== undefined;
    const isLikely = rule.epss !== undefined && epss !== undefined && epss >= rule.epss;
    const isSevere = rule.severity !== undefined && rank(severity) >= rank(rule.severity);
    if (!isExploited && !isLikely && !isSevere) return [];
    const { since = now.toISOString() } = before.find((one) => one.advisory === advisory) ?? {};
    const known = isExploited && { exploited, ...(listed && { listed }) };
    return [{ advisory, severity, ...known, ...(isLikely && { epss }), since }];
  });
}

interface UrgencyFacts {
  readonly triggers: readonly Trigger[];
  /** The advisories that are urgent for the image now: one that its vendor revoked or rated lower is not. */
  readonly urgent: readonly UrgentAdvisory[];
  /** A person's request to promote this build as an urgent one. */
  readonly request?: { readonly by: string; readonly reason: string } | undefined;
  /** Why the parent's build that it follows is urgent; undefined if it is not. */
  readonly parent: { readonly image: string; readonly urgency: Urgency } | undefined;
}

/** Why a build is urgent: a person, an advisory that started it, or its parent's build. Undefined: it is not. */
export function decideUrgency({ triggers, urgent, request, parent }: UrgencyFacts): Urgency | undefined {
  if (request) return { by: request.by, reason: request.reason };
  const start = triggers.find((trigger) => trigger.kind === "manual" && trigger.urgent);
  if (start?.kind === "manual") {
    const { requestedBy: by, reason } = start;
    return { by, ...(reason !== undefined && { reason }) };
  }
  const fixed = new Set(
    triggers.flatMap((trigger) =>
      trigger.kind === "packages" ? [...trigger.advisories.map(({ id }) => id), ...trigger.others] : [],
    ),
  );
  return urgent.find(({ advisory }) => fixed.has(advisory)) ?? (parent && { ...parent.urgency, parent: parent.image });
}

/** Why something is urgent, in words: `ALAS2023-2026-1695 is exploited: CVE-2026-1234 (listed on 2026-04-07)`. */
export function sayUrgency(urgency: Urgency): string {
  const through = urgency.parent ? ` (in its parent ${urgency.parent})` : "";
  if ("by" in urgency) return `${urgency.by} asked for it${urgency.reason ? `: ${urgency.reason}` : ""}${through}`;
  const { advisory, severity, exploited, listed, epss } = urgency;
  const why = exploited
    ? `is exploited: ${exploited.join(", ")}${listed ? ` (listed on ${listed})` : ""}`
    : epss === undefined
      ? `is ${severity}`
      : `has an EPSS score of ${epss}`;
  return `${advisory} ${why}${through}`;
}
