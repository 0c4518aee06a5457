import type { GateReason } from "../../events/gate.ts";
import { buildVersion } from "../build/build-arn.ts";
import type { WholeEvidence } from "../evidence/evidence.ts";
import type { GateThresholds } from "../factory/gate-schema.ts";
import { type Circumstances, reason } from "./rule.ts";

/** Checks packages that must be installed, and those that must not. */
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

/** Limits how much a build's packages differ from the promoted build's. The first build always passes. */
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

/** Rejects builds with a revoked ancestor. Evaluated only for builds with ancestors in the factory. */
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

/** `3.5 days`, rounded up, so that an age just above the limit does not look equal to it. */
const sayDays = (ms: number): string => `${Math.ceil((ms / DAY) * 10) / 10} days`;

/** Limits the age of a build's parent. An unknown age counts as too old. */
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
      found: age === undefined ? "unknown age" : sayDays(age),
      allowed: `at most ${sayDays(maxAge * 1000)}`,
      onViolation,
    }),
  ];
}

const MIB = 2 ** 20;

/** Rounded up, so that a size just above the limit does not look equal to it. */
const sayMiB = (bytes: number): string => `${Math.ceil((bytes / MIB) * 10) / 10} MiB`;

/** Limits how much an image's size differs from the promoted build's. An unknown size breaks the rule. */
export function sizeRules(
  { imageSize }: WholeEvidence,
  { sizeMiB: most, onViolation }: NonNullable<GateThresholds["drift"]>,
): GateReason[] {
  if (most === undefined) return [];
  const { bytes, before } = imageSize ?? {};
  const far = bytes === undefined || before?.bytes === undefined ? undefined : bytes - before.bytes;
  const nothingToCompare = imageSize !== undefined && before === undefined;
  return [
    reason({
      rule: "drift-size",
      passed: nothingToCompare || (far !== undefined && Math.abs(far) <= most * MIB),
      found: nothingToCompare ? "no promoted build to compare with" : say(imageSize, far),
      allowed: `at most ${most} MiB more or less`,
      onViolation,
    }),
  ];
}

function say({ bytes, before }: NonNullable<WholeEvidence["imageSize"]> = {}, far: number | undefined): string {
  const of = before ? `build ${buildVersion(before.build)}` : "the promoted build";
  if (bytes === undefined) return "unknown size";
  if (before?.bytes === undefined || far === undefined) return `the size of ${of} is unknown`;
  return `${sayMiB(bytes)}, ${sayMiB(Math.abs(far))} ${far < 0 ? "less" : "more"} than ${of}`;
}
