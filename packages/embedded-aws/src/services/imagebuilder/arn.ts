import { AwsError } from "../../engine/operation.ts";
import { invalidValue } from "./refusals.ts";

/** Kinds of resources with ARNs, as in the service authorization reference's paths. */
export type ResourceKind =
  | "component"
  | "image-recipe"
  | "container-recipe"
  | "infrastructure-configuration"
  | "distribution-configuration"
  | "image-pipeline"
  | "image"
  | "workflow-execution"
  | "workflow-step-execution";

export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The parts of an Image Builder ARN; `version` may contain `x`, only build version ARNs have a `build`. */
interface ArnParts extends Place {
  readonly kind: string;
  /** Normalised, as in the ARN. */
  readonly name: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
}

/** Names in ARNs are in lower case, with hyphens for all other characters: "My Image_2" becomes `my-image-2`. */
export const normalised = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");

export const arnOf = (place: Place, kind: ResourceKind, ...path: readonly (string | number)[]): string =>
  `arn:aws:imagebuilder:${place.region}:${place.account}:${[kind, ...path].join("/")}`;

const FORM = /^arn:aws[^:]*:imagebuilder:([^:]*):(\d{12}|aws):([a-z-]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/;

/** Undefined if it is not an Image Builder ARN. */
export function parseArn(arn: string): ArnParts | undefined {
  const [, region, account, kind, name, version, build] = FORM.exec(arn) ?? [];
  if (region === undefined || account === undefined || kind === undefined || name === undefined) return undefined;
  return { region, account, kind, name, version, build };
}

/** What the version may look like: with `x` nodes, with a build number. */
export type ArnShape = "version" | "version-or-pattern" | "build-or-pattern";

/** Checks what AWS's model does not: for example that `x` comes last, or does not occur. */
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
  "build-or-pattern": "<kind>/<name>/<major.minor.patch, x for any>/<build>, without build for the latest",
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

const EXACT_VERSION = /^[0-9]+\.[0-9]+\.[0-9]+$/;
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
  if (version === undefined || !EXACT_VERSION.test(version)) {
    throw new AwsError(
      "InvalidVersionNumberException",
      `The value supplied for parameter 'semanticVersion' is not valid. 'semanticVersion' must match pattern ${EXACT_VERSION.source}`,
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
