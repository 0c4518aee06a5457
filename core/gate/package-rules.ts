import type { GateReason } from "../../events/gate-decided.ts";
import type { WholeEvidence } from "../evidence.ts";
import type { GateThresholds } from "../factory/gate-schema.ts";
import { reason } from "./rule.ts";

/** Packages that must be there, and those that must not. */
export function packageRules(
  { manifest }: WholeEvidence,
  wanted: NonNullable<GateThresholds["packages"]>,
): GateReason[] {
  const installed = new Set(manifest.packages.map(({ name }) => name));
  const { required, forbidden } = wanted;
  const missing = required.filter((name) => !installed.has(name));
  const unwanted = forbidden.filter((name) => installed.has(name));
  return [
    ...(required.length === 0
      ? []
      : [
          reason({
            rule: "packages-required",
            passed: missing.length === 0,
            found: `${required.length - missing.length} of ${required.length} installed`,
            allowed: "all of them",
            examples: missing.map((name) => `${name} is missing`),
          }),
        ]),
    ...(forbidden.length === 0
      ? []
      : [
          reason({
            rule: "packages-forbidden",
            passed: unwanted.length === 0,
            found: `${unwanted.length} of ${forbidden.length} installed`,
            allowed: "none of them",
            examples: unwanted.map((name) => `${name} is installed`),
          }),
        ]),
  ];
}

/** How far a build is from the promoted one; the first has nothing to be far from. */
export function driftRules(
  { packages, packageCount, packageCountBefore }: WholeEvidence,
  limits: NonNullable<GateThresholds["drift"]>,
): GateReason[] {
  const rule = (name: string, most: number | undefined, found: number | undefined, what: string): GateReason[] =>
    most === undefined
      ? []
      : [
          reason({
            rule: `drift-${name}`,
            passed: (found ?? 0) <= most,
            found: found === undefined ? "no promoted build to compare with" : `${found} ${what}`,
            allowed: `at most ${most}`,
            examples: (found ?? 0) > most ? (packages?.examples ?? []) : [],
            onViolation: limits.onViolation,
          }),
        ];
  const count = packageCountBefore === undefined ? undefined : Math.abs(packageCount - packageCountBefore);
  return [
    ...rule("added", limits.added, packages?.added, "package(s) added"),
    ...rule("removed", limits.removed, packages?.removed, "package(s) removed"),
    ...rule("count", limits.count, count, `package(s) more or fewer than ${packageCountBefore}`),
  ];
}
