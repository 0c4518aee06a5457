import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { isPublicName, parameterArn, parseReference } from "./parameter-name.ts";
import { latest, type Parameter, type ParameterVersion, PUBLIC_ACCOUNT, ssmState } from "./state.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Found {
  readonly parameter: Parameter;
  readonly version: ParameterVersion;
  /** As AWS gives it back: `:3`, `:stable`. */
  readonly selector: string | undefined;
}

/** The account that holds a parameter: the caller's, AWS for public ones, or the one its ARN names. */
function placeOf(here: Place, reference: string): Place & { name: string; selector: string | undefined } {
  const { name, account, region, selector } = parseReference(reference);
  const own = isPublicName(name) ? PUBLIC_ACCOUNT : (account ?? here.account);
  return { name, account: own, region: region ?? here.region, selector };
}

/** Where IAM looks for the right to a parameter. `owner` matters for shared parameters, which are asked for by ARN. */
export function parameterResource(aws: EmbeddedAws, here: Place, reference: string): { arn: string; owner: string } {
  const { name, account, region } = placeOf(here, reference);
  // Public parameters have no account in their ARN, and everybody may read them that an IAM policy allows to.
  return { arn: parameterArn(aws.partition, region, account, name), owner: account || here.account };
}

/** Undefined where there is no parameter. A name without its leading slash inside an ARN is the same parameter. */
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
  throw new AwsError("ParameterNotFound", `Parameter ${reference} not found.`, { status: 400 });
}

/** A parameter at its selector, or at its current version. @throws ParameterNotFound, ParameterVersionNotFound */
export function requireVersion(aws: EmbeddedAws, here: Place, reference: string | undefined): Found {
  const parameter = requireParameter(aws, here, reference);
  const { selector } = placeOf(here, reference ?? "");
  if (!selector) return { parameter, version: latest(parameter), selector: undefined };
  return { parameter, version: versionAt(parameter, selector), selector: `:${selector}` };
}

/** @throws ParameterVersionNotFound */
export function versionAt(parameter: Parameter, selector: string): ParameterVersion {
  const isNumber = /^\d+$/.test(selector);
  const version = parameter.versions.find(({ version, labels }) =>
    isNumber ? version === Number(selector) : labels.has(selector),
  );
  if (version) return version;
  const what = isNumber ? `version ${selector}` : `version label ${selector}`;
  throw new AwsError(
    "ParameterVersionNotFound",
    `Systems Manager could not find ${what} of ${parameter.name}. Verify the version and try again.`,
  );
}
