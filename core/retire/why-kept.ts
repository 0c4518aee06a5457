import { buildVersion } from "../build-arn.ts";
import type { LedgerFacts } from "./facts.ts";

const DAY_MS = 86_400_000;
const MOST_NAMED = 3;

/** How long a failure, a revocation or a restoration keeps a build. */
export interface Patience {
  readonly now: Date;
  readonly evidenceSeconds: number;
}

/** Why a build is not retired, whoever uses it or not; empty: its use decides. */
export function whyKept(facts: LedgerFacts, { now, evidenceSeconds }: Patience): string[] {
  const { image, startedAt, retention, published, newer, channels, backFor, promoting, awaiting, children } = facts;
  if (!retention) return [`images.${image} has no retention`];
  if (!published) return ["it was in no channel; clean-up removes what nobody got"];
  const ended = (at: string, seconds: number) => Date.parse(at) + seconds * 1000 <= now.getTime();
  const reasons = [
    ...channels.map((channel) => `${channel} points at it`),
    ...backFor.map((channel) => `${channel} would go back to it`),
    ...(promoting ? ["its promotion is under way"] : []),
    ...(awaiting === undefined ? [] : [`people are asked whether it may enter ${awaiting}`]),
    ...(newer < retention.keep ? [`it is one of the newest ${retention.keep} of ${image}`] : []),
    ...sayChildren(children),
    ...sayHold(facts.hold, now),
    ...facts.moments
      .filter(({ at }) => !ended(at, evidenceSeconds))
      .map(({ what, at }) => `${what} on ${dayOf(at)}; that is looked after for ${evidenceSeconds / 86_400} days`),
  ];
  if (reasons.length === 0 && !ended(startedAt, retention.deprecateAfter)) {
    return [`it is younger than ${retention.deprecateAfter / 86_400} days`];
  }
  return reasons;
}

function sayChildren(children: LedgerFacts["children"]): string[] {
  if (children.length === 0) return [];
  const named = children.slice(0, MOST_NAMED).map((child) => `${child.split("/")[1]} ${buildVersion(child)}`);
  const more = children.length > MOST_NAMED ? ` and ${children.length - MOST_NAMED} more` : "";
  return [`${named.join(", ")}${more} ${children.length === 1 ? "is" : "are"} made from it`];
}

/** A hold counts up to the end of its day, in UTC. */
export const isHeld = (hold: { readonly until: string } | undefined, now: Date): boolean =>
  hold !== undefined && Date.parse(hold.until) + DAY_MS > now.getTime();

const sayHold = (hold: LedgerFacts["hold"], now: Date): string[] =>
  hold && isHeld(hold, now) ? [`${hold.by} holds it until ${hold.until}: ${hold.reason}`] : [];

export const dayOf = (at: string): string => at.slice(0, 10);
