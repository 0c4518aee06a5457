import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError } from "../../engine/operation.ts";
import { latest, type Parameter, type ParameterVersion, PUBLIC_ACCOUNT, ssmState } from "./state.ts";

/** Maximum levels of a name (Parameter Store, "Requirements and constraints for parameter names"). */
const MAX_LEVELS = 15;
const MAX_LENGTH = 1011;

/** `arn:aws:ssm:<region>:<account>:parameter/<name>`: one slash, even if the name begins with one. */
export const parameterArn = (partition: string, region: string, account: string, name: string): string =>
  `arn:${partition}:ssm:${region}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;

export const isPublicName = (name: string): boolean => name.startsWith("/aws/service/") || name === "/aws/service";

/**
 * Refuses reserved and invalid names.
 * @throws AccessDeniedException, HierarchyLevelLimitExceededException, ValidationException
 */
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

interface ParameterReference {
  readonly name: string;
  /** Only if the reference is an ARN. */
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

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Found {
  readonly parameter: Parameter;
  readonly version: ParameterVersion;
  /** As in AWS's responses: `:3`, `:stable`. */
  readonly selector: string | undefined;
}

/** A parameter's account: the caller's, AWS's for public ones, or the one in its ARN. */
function placeOf(here: Place, reference: string): Place & { name: string; selector: string | undefined } {
  const { name, account, region, selector } = parseReference(reference);
  const own = isPublicName(name) ? PUBLIC_ACCOUNT : (account ?? here.account);
  return { name, account: own, region: region ?? here.region, selector };
}

/** The resource for IAM. `owner` matters for shared parameters, which are requested by ARN. */
export function parameterResource(aws: EmbeddedAws, here: Place, reference: string): { arn: string; owner: string } {
  const { name, account, region } = placeOf(here, reference);
  // Public parameters have no account in their ARN; every account with permission by its IAM policies may read them.
  return { arn: parameterArn(aws.partition, region, account, name), owner: account || here.account };
}

/** Undefined if the parameter does not exist. In an ARN, a name with and without its leading slash is the same. */
export function findParameter(aws: EmbeddedAws, here: Place, reference: string): Parameter | undefined {
  const { name, account, region } = placeOf(here, reference);
  if (region !== here.region) return undefined;
  const { parameters } = aws.state(ssmState, account, region);
  const byArn = reference.startsWith("arn:") ? parameters.get(name.slice(1)) : undefined;
  return parameters.get(name) ?? byArn;
}

/** @throws ParameterNotFound */
export function requireParameter(aws: EmbeddedAws, here: Place, reference: string | undefined): Parameter {
  const parameter = findParameter(aws, here, reference ?? "");
  if (parameter) return parameter;
  throw new AwsError("ParameterNotFound", `Parameter ${reference} not found.`);
}

/** A parameter at its selector, or at its current version. @throws ParameterNotFound, ParameterVersionNotFound */
export function requireVersion(aws: EmbeddedAws, here: Place, reference: string | undefined): Found {
  const parameter = requireParameter(aws, here, reference);
  const { selector } = placeOf(here, reference ?? "");
  if (!selector) return { parameter, version: latest(parameter), selector: undefined };
  return { parameter, version: versionAt(parameter, selector), selector: `:${selector}` };
}

const isNumber = (selector: string): boolean => /^\d+$/.test(selector);

/** Undefined if no version has the number or label. */
export const findVersion = ({ versions }: Parameter, selector: string): ParameterVersion | undefined =>
  versions.find(({ version, labels }) => (isNumber(selector) ? version === Number(selector) : labels.has(selector)));

/** @throws ParameterVersionNotFound */
export function versionAt(parameter: Parameter, selector: string): ParameterVersion {
  const version = findVersion(parameter, selector);
  if (version) return version;
  const what = isNumber(selector) ? `version ${selector}` : `version label ${selector}`;
  throw new AwsError(
    "ParameterVersionNotFound",
    `Systems Manager could not find ${what} of ${parameter.name}. Verify the version and try again.`,
  );
}
