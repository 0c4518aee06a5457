import type { ApplicableAdvisory, Trigger } from "../../events/build.ts";
import { buildVersion } from "./build-arn.ts";

/**
 * Why a build of `image` was started or requested: one clause for each reason, to follow "because".
 * @param most how many advisories are described in full; further ones are counted
 */
export const explainTriggers = (
  image: string,
  triggers: readonly Trigger[],
  most = Number.POSITIVE_INFINITY,
): string[] => triggers.flatMap((trigger) => clauses(image, trigger, most));

/** The same as lines for readers: a sentence for one reason, else a list. */
export function sayWhy(image: string, triggers: readonly Trigger[], most?: number): string[] {
  const [first, ...more] = explainTriggers(image, triggers, most);
  if (first === undefined) return [];
  const again = triggers.some(({ kind }) => kind === "packages" || kind === "base");
  const because = `${again ? "Rebuilt" : "Built"} because`;
  return more.length === 0 ? [`${because} ${first}`] : [`${because}:`, ...[first, ...more].map((one) => `  ${one}`)];
}

function clauses(image: string, trigger: Trigger, most: number): string[] {
  switch (trigger.kind) {
    case "schedule":
      return [`its schedule was due at ${sayTime(trigger.scheduledTime)}`];
    case "packages":
      return sayAdvisories(image, trigger, most);
    case "base":
      return [`${trigger.name} names ${trigger.to} and no longer ${trigger.from}`];
    case "parent":
      return [`its parent ${trigger.parent} has build ${buildVersion(trigger.parentBuild)} in ${trigger.channel}`];
    case "manual":
      return [sayRequest(trigger)];
  }
}

/** `ada requested it (pipeline 12): a new agent` */
function sayRequest({ requestedBy, principal, note, reason, urgent }: Extract<Trigger, { kind: "manual" }>): string {
  const who = principal ? requestedBy : `${requestedBy} (unverified)`;
  return `${who} requested it${urgent ? " as urgent" : ""}${note ? ` (${note})` : ""}${reason ? `: ${reason}` : ""}`;
}

/** How many further advisories are named by id. */
const MOST_NAMED = 5;

function sayAdvisories(
  image: string,
  { advisories, others }: Extract<Trigger, { kind: "packages" }>,
  most: number,
): string[] {
  const told = advisories.slice(0, most).map((advisory) => sayAdvisory(image, advisory));
  const rest = [...advisories.slice(most).map(({ id }) => id), ...others];
  if (rest.length === 0) return told;
  const named = rest.slice(0, MOST_NAMED).join(", ");
  const further = `${rest.length}${told.length > 0 ? " further" : ""} ${rest.length === 1 ? "advisory" : "advisories"}`;
  return [...told, `${further}: ${named}${rest.length > MOST_NAMED ? ", ..." : ""}`];
}

/** `ALAS2023-2026-1695 (important): openssl 3.0.8-1 → 3.0.8-4, in al2023-base since 1.0.0/3` */
function sayAdvisory(image: string, { id, severity, exploited, epss, packages }: ApplicableAdvisory): string {
  const alike = Map.groupBy(packages, ({ since }) => since);
  const parts = [...alike].map(([since, some]) => {
    const updates = new Set(some.map(({ name, installed, fixed }) => `${name} ${installed} → ${fixed}`));
    return [...updates].join(", ") + (since ? `, in ${image} since ${buildVersion(since)}` : "");
  });
  const why = [
    ...(severity === "unknown" ? [] : [severity]),
    ...(exploited ? [`exploited: ${exploited.join(", ")}`] : []),
    ...(epss === undefined ? [] : [`EPSS ${epss}`]),
  ];
  return `${id}${why.length > 0 ? ` (${why.join("; ")})` : ""}: ${parts.join("; ")}`;
}

/** `2026-04-15 01:00 UTC` */
export const sayTime = (iso: string): string => `${new Date(iso).toISOString().slice(0, 16).replace("T", " ")} UTC`;
