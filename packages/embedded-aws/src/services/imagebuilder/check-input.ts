import { type ArnParts, parseArn, type ResourceKind } from "./arn.ts";
import { invalidValue, missing } from "./refusals.ts";
import { isVersionPattern } from "./semantic-version.ts";

/** From the API model: `ResourceName`. */
const NAME = /^[-_A-Za-z0-9][-_A-Za-z0-9 ]{1,126}[-_A-Za-z0-9]$/;
const TAG_LIMIT = 50;

export function required<T>(value: T | undefined, parameter: string): T {
  if (value === undefined || value === null || (value as unknown) === "") throw missing(parameter);
  return value;
}

export function requireName(name: string | undefined): string {
  const given = required(name, "name");
  if (!NAME.test(given)) throw invalidValue("name", `'name' must match pattern ${NAME.source}`);
  return given;
}

export function requireOneOf<T extends string>(value: T | undefined, allowed: readonly T[], parameter: string): T {
  const given = required(value, parameter);
  if (!allowed.includes(given)) throw invalidValue(parameter, `'${given}' is not one of ${allowed.join(", ")}.`);
  return given;
}

/** Where a version stands, whether it may have `x` nodes, and whether a build number belongs to it. */
export type ArnShape = "plain" | "version" | "version-or-pattern" | "build" | "build-or-pattern";

/** Checks an ARN parameter as the API model's patterns do, e.g. an image pipeline's. */
export function requireArn(arn: string | undefined, kind: ResourceKind, shape: ArnShape, parameter: string): ArnParts {
  const given = required(arn, parameter);
  const parts = parseArn(given);
  if (!parts || parts.kind !== kind || !fits(parts, shape)) {
    throw invalidValue(parameter, `'${given}' must be the ARN of ${kind}, form: ${FORMS[shape]}.`);
  }
  return parts;
}

const FORMS: Readonly<Record<ArnShape, string>> = {
  plain: "<kind>/<name>",
  version: "<kind>/<name>/<major.minor.patch>",
  "version-or-pattern": "<kind>/<name>/<major.minor.patch, x for any>",
  build: "<kind>/<name>/<major.minor.patch>/<build>",
  "build-or-pattern": "<kind>/<name>/<major.minor.patch, x for any>/<build>, the build left out for the latest",
};

const EXACT = /^\d+\.\d+\.\d+$/;

function fits(parts: ArnParts, shape: ArnShape): boolean {
  const { version, build } = parts;
  const numbered = build !== undefined && /^\d+$/.test(build);
  switch (shape) {
    case "plain":
      return version === undefined;
    case "version":
      return version !== undefined && EXACT.test(version) && build === undefined;
    case "version-or-pattern":
      return version !== undefined && isVersionPattern(version) && build === undefined;
    case "build":
      return version !== undefined && EXACT.test(version) && numbered;
    case "build-or-pattern":
      return version !== undefined && isVersionPattern(version) && (build === undefined || build === "x" || numbered);
  }
}

/** Tags in the service's limits; an own copy. */
export function checkedTags(tags: Record<string, string> | undefined, parameter = "tags"): Record<string, string> {
  const entries = Object.entries(tags ?? {});
  if (entries.length > TAG_LIMIT) throw invalidValue(parameter, `At most ${TAG_LIMIT} tags are allowed.`);
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || key.startsWith("aws:")) {
      throw invalidValue(parameter, `Tag key '${key}' must have 1 to 128 characters and not begin with aws:.`);
    }
    if (value.length > 256) throw invalidValue(parameter, `The value of tag '${key}' exceeds 256 characters.`);
  }
  return { ...tags };
}
