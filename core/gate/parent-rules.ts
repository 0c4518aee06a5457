import type { GateReason } from "../../events/gate-decided.ts";
import type { WholeEvidence } from "../evidence.ts";
import type { GateThresholds } from "../factory/gate-schema.ts";
import type { Circumstances } from "./circumstances.ts";
import { reason } from "./rule.ts";

/** What somebody revoked is not let in again through a child. Asked where there are ancestors among the factory's builds. */
export function ancestorRules({ parent }: WholeEvidence, { revoked }: Circumstances): GateReason[] {
  if (!parent?.build && revoked.length === 0) return [];
  return [
    reason({
      rule: "parent-revoked",
      passed: revoked.length === 0,
      found: `${revoked.length} revoked build(s) among its ancestors`,
      allowed: "none",
      examples: revoked.map(({ build, reason: why }) => `${build}: ${why}`),
    }),
  ];
}

const DAY = 86_400_000;
/** `3.5 days`, rounded up: what is a minute too old does not look as if it were not. */
const sayDays = (ms: number): string => `${Math.ceil((ms / DAY) * 10) / 10} days`;

/** How old what a build started from may be. An age that nobody knows is too old. */
export function parentAgeRules(
  { parent }: WholeEvidence,
  { maxAge, onViolation }: NonNullable<GateThresholds["parent"]>,
  { now }: Circumstances,
): GateReason[] {
  const age = parent?.since === undefined ? undefined : now.getTime() - Date.parse(parent.since);
  return [
    reason({
      rule: "parent-age",
      passed: age !== undefined && age <= maxAge * 1000,
      found: age === undefined ? "its age is not known" : sayDays(age),
      allowed: `at most ${sayDays(maxAge * 1000)}`,
      onViolation,
    }),
  ];
}
