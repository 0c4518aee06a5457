import { invalidValue } from "./refusals.ts";
import { isVersionPattern } from "./semantic-version.ts";

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
