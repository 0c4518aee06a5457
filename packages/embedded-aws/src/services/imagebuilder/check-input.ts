import { type ArnParts, parseArn, type ResourceKind } from "./arn.ts";
import { invalidValue } from "./refusals.ts";
import { isVersionPattern } from "./semantic-version.ts";

/** Where a version stands, whether it may have `x` nodes, and whether a build number belongs to it. */
export type ArnShape = "version" | "version-or-pattern" | "build-or-pattern";

/** Checks what AWS's model leaves open of an ARN: that `x` comes last, say, or that there is none. */
export function requireArn(given: string, kind: ResourceKind, shape: ArnShape, parameter: string): ArnParts {
  const parts = parseArn(given);
  if (!parts || parts.kind !== kind || !fits(parts, shape)) {
    throw invalidValue(parameter, `'${given}' must be the ARN of ${kind}, form: ${FORMS[shape]}.`);
  }
  return parts;
}

const FORMS: Readonly<Record<ArnShape, string>> = {
  version: "<kind>/<name>/<major.minor.patch>",
  "version-or-pattern": "<kind>/<name>/<major.minor.patch, x for any>",
  "build-or-pattern": "<kind>/<name>/<major.minor.patch, x for any>/<build>, the build left out for the latest",
};

const EXACT = /^\d+\.\d+\.\d+$/;

function fits(parts: ArnParts, shape: ArnShape): boolean {
  const { version, build } = parts;
  const numbered = build !== undefined && /^\d+$/.test(build);
  switch (shape) {
    case "version":
      return version !== undefined && EXACT.test(version) && build === undefined;
    case "version-or-pattern":
      return version !== undefined && isVersionPattern(version) && build === undefined;
    case "build-or-pattern":
      return version !== undefined && isVersionPattern(version) && (build === undefined || build === "x" || numbered);
  }
}
