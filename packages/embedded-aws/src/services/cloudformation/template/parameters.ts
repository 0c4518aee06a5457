import type { Parameter } from "@aws-sdk/client-cloudformation";
import type { Caller, EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { readParameterAs } from "../../ssm/read-parameters.ts";
import { notBuilt, validationError } from "../refusals.ts";
import type { ParameterDeclaration, Template } from "./template.ts";

/** A parameter's value in a stack. */
export interface GivenParameter {
  readonly key: string;
  /** The given value or the default. */
  readonly value: string;
  /** Parameter Store's value, for a parameter of type AWS::SSM::Parameter::Value. */
  readonly resolved?: string;
}

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/**
 * The values of a template's parameters: given, previous, or default.
 * @throws AwsError ValidationError
 */
export function parameterValues(
  { Parameters }: Template,
  given: readonly Parameter[],
  before: ReadonlyMap<string, GivenParameter> = new Map(),
): Map<string, GivenParameter> {
  const unknown = given.map(({ ParameterKey = "" }) => ParameterKey).filter((key) => !Object.hasOwn(Parameters, key));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  const values = new Map<string, GivenParameter>();
  const missing: string[] = [];
  for (const [key, declared] of Object.entries(Parameters)) {
    const one = given.find(({ ParameterKey }) => ParameterKey === key);
    const value = one?.UsePreviousValue ? before.get(key)?.value : (one?.ParameterValue ?? defaultOf(declared));
    if (value === undefined) missing.push(key);
    else values.set(key, { key, value: requireAllowed(key, value, declared) });
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(", ")}] must have values`);
  return values;
}

const defaultOf = ({ Default }: ParameterDeclaration): string | undefined =>
  Default === undefined ? undefined : String(Default);

function requireAllowed(key: string, value: string, declared: ParameterDeclaration): string {
  const { AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue, Type } = declared;
  const fail = (rule: string): never => {
    const { ConstraintDescription: own } = declared;
    throw validationError(own ? `Parameter ${key} failed to satisfy constraint: ${own}` : `Parameter '${key}' ${rule}`);
  };
  if (AllowedValues && !AllowedValues.map(String).includes(value)) fail("must be one of AllowedValues");
  if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    fail(`must match pattern ${AllowedPattern}`);
  if (MinLength !== undefined && value.length < Number(MinLength))
    fail(`must contain at least ${MinLength} characters`);
  if (MaxLength !== undefined && value.length > Number(MaxLength)) fail(`must contain at most ${MaxLength} characters`);
  if (Type === "Number" && (value.trim() === "" || Number.isNaN(Number(value)))) fail("must be a number");
  if (MinValue !== undefined && Number(value) < Number(MinValue)) fail(`must be a number not less than ${MinValue}`);
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) fail(`must be a number not greater than ${MaxValue}`);
  return value;
}

/**
 * Resolves values from Parameter Store, also of shared parameters by ARN (User guide, "Systems Manager parameter
 * types").
 */
export async function lookUpParameters(
  aws: EmbeddedAws,
  caller: Caller,
  { Parameters }: Template,
  values: ReadonlyMap<string, GivenParameter>,
): Promise<Map<string, GivenParameter>> {
  const found = new Map<string, GivenParameter>();
  for (const [key, one] of values) {
    const inside = SSM_VALUE.exec(Parameters[key]?.Type ?? "");
    if (!inside) found.set(key, one);
    else found.set(key, { ...one, resolved: (await readParameterAs(aws, caller, one.value)).value });
  }
  return found;
}

/** The value of Ref: a list for list types, otherwise a string. */
export function referenceValue({ Type }: ParameterDeclaration, { value, resolved }: GivenParameter): unknown {
  const inside = SSM_VALUE.exec(Type)?.[1] ?? Type;
  const text = resolved ?? value;
  if (inside === "CommaDelimitedList" || inside.startsWith("List<")) return text.split(",").map((one) => one.trim());
  if (inside === "String" || inside === "Number" || inside.startsWith("AWS::")) return text;
  throw notBuilt(`a template parameter of type ${Type}`);
}

const HIDDEN = "****";

interface Source {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, GivenParameter>;
}

const isSecret = ({ template }: Source, key: string): boolean =>
  String(template.Parameters[key]?.NoEcho ?? false) === "true";

/** Parameters as responses show them; those with NoEcho are masked. */
export const shownParameters = (source: Source): Parameter[] =>
  [...source.parameters.values()].map(({ key, value, resolved }) => ({
    ParameterKey: key,
    ParameterValue: isSecret(source, key) ? HIDDEN : value,
    ...(resolved !== undefined && { ResolvedValue: resolved }),
  }));

/** Replaces secret parameters' values in a text. */
export function hiding(source: Source): (text: string) => string {
  const secrets = [...source.parameters.values()].filter(({ key, value }) => value !== "" && isSecret(source, key));
  return (text) =>
    secrets.reduce((shown, { value }) => shown.replaceAll(JSON.stringify(value).slice(1, -1), HIDDEN), text);
}
