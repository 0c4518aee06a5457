import { AwsError } from "../../engine/aws-error.ts";

const EXACT = /^[0-9]+\.[0-9]+\.[0-9]+$/;
const WITH_WILDCARDS = /^(\d+\.\d+\.\d+|\d+\.\d+\.x|\d+\.x\.x|x\.x\.x)$/;
const HIGHEST_NODE = 2 ** 30 - 1;

/**
 * Checks the version of a new resource. `x` placeholders request AWS's automatic versioning, which is not built
 * here.
 */
export function requireVersion(version: string | undefined): string {
  if (version !== undefined && WITH_WILDCARDS.test(version) && version.includes("x")) {
    throw new AwsError(
      "NotImplemented",
      `automatic versioning (${version}) is not built in the embedded Image Builder`,
    );
  }
  if (version === undefined || !EXACT.test(version)) {
    throw new AwsError(
      "InvalidVersionNumberException",
      `The value supplied for parameter 'semanticVersion' is not valid. 'semanticVersion' must match pattern ${EXACT.source}`,
    );
  }
  if (version.split(".").some((node) => Number(node) > HIGHEST_NODE)) {
    throw new AwsError(
      "InvalidVersionNumberException",
      `The value supplied for parameter 'semanticVersion' is not valid. Each node of '${version}' must be at most ${HIGHEST_NODE}.`,
    );
  }
  return version;
}

/** `x` only as a suffix: `1.2.x`, `1.x.x`, `x.x.x`. */
export const isVersionPattern = (version: string): boolean => WITH_WILDCARDS.test(version);

/** Whether a version matches a pattern whose nodes may be `x`. */
export function matchesVersion(version: string, pattern: string): boolean {
  const nodes = version.split(".");
  return pattern.split(".").every((node, index) => node === "x" || node === nodes[index]);
}

/** Negative if `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
