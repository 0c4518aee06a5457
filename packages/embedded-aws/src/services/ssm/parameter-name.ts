import { AwsError } from "../../engine/aws-error.ts";

/** Levels of a hierarchy that a name may have (Parameter Store, "Requirements and constraints for parameter names"). */
const MAX_LEVELS = 15;
const MAX_LENGTH = 1011;

/** `arn:aws:ssm:<region>:<account>:parameter/<name>`: one slash, whether or not the name begins with one. */
export const parameterArn = (partition: string, region: string, account: string, name: string): string =>
  `arn:${partition}:ssm:${region}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;

export const isPublicName = (name: string): boolean => name.startsWith("/aws/service/") || name === "/aws/service";

/** Refuses names that nobody may create. @throws AccessDeniedException, HierarchyLevelLimitExceededException, ValidationException */
export function requireWritableName(name: string): void {
  const bare = name.replace(/^\//, "");
  const first = bare.split("/", 1)[0]?.toLowerCase() ?? "";
  if (first.startsWith("aws")) {
    throw new AwsError("AccessDeniedException", `No access to reserved parameter name: ${bare}.`);
  }
  if (first.startsWith("ssm") || !/^\/?[a-zA-Z0-9_.-]+(\/[a-zA-Z0-9_.-]+)*$/.test(name)) {
    throw new AwsError(
      "ValidationException",
      `Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
    );
  }
  if (bare.includes("/") && !name.startsWith("/")) {
    throw new AwsError("ValidationException", "Parameter name must be a fully qualified name.");
  }
  if (bare.split("/").length > MAX_LEVELS) {
    throw new AwsError(
      "HierarchyLevelLimitExceededException",
      `The hierarchy of ${name} has more than ${MAX_LEVELS} levels. A hierarchy can have a maximum of ${MAX_LEVELS} levels.`,
    );
  }
  if (name.length > MAX_LENGTH) {
    throw new AwsError("ValidationException", `Parameter name is longer than ${MAX_LENGTH} characters.`);
  }
}

export interface ParameterReference {
  readonly name: string;
  /** Said only by an ARN. */
  readonly account?: string;
  readonly region?: string;
  /** Version number or label, without its colon. */
  readonly selector?: string;
}

/** `name`, `name:3`, `name:label`, or an ARN with any of these. */
export function parseReference(reference: string): ParameterReference {
  const match = /^arn:[^:]+:ssm:([^:]*):([^:]*):parameter(\/[^:]*)(?::(.+))?$/.exec(reference);
  if (match) {
    const [, region = "", account = "", name = "", selector] = match;
    return { name, account, region, ...(selector && { selector }) };
  }
  const colon = reference.indexOf(":");
  if (colon < 0) return { name: reference };
  return { name: reference.slice(0, colon), selector: reference.slice(colon + 1) };
}
