import type { ParameterTier, ParameterType, PutParameterCommandInput } from "@aws-sdk/client-ssm";
import { AwsError, type Call } from "../../engine/operation.ts";
import type { NewVersion } from "./add-version.ts";
import { DEFAULT_KEY } from "./authorize-parameter.ts";
import { requireWritableName } from "./find-parameter.ts";
import { latest, type ParameterVersion, ssmState } from "./state.ts";

const DATA_TYPES = ["text", "aws:ec2:image", "aws:ssm:integration"];
/** Maximum characters of a value in each tier. */
const MAX_VALUE = { Standard: 4096, Advanced: 8192 };

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** Maximum parameters of each tier in an account and region (Systems Manager quotas). */
const MAX_PARAMETERS = { Standard: 10_000, Advanced: 100_000 };

/** The parameter that a request would write; an update keeps omitted settings. @throws AWS's errors of PutParameter */
export function requireValidParameter(
  input: PutParameterCommandInput,
  current: ParameterVersion | undefined,
  call: Call,
): NewVersion {
  requireWritableName(input.Name ?? "");
  if (input.Overwrite && input.Tags?.length) {
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (current && !input.Overwrite) {
    throw new AwsError(
      "ParameterAlreadyExists",
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    );
  }
  if (input.Policies)
    throw new AwsError("NotImplemented", "ssm:PutParameter with Policies is not built in the embedded AWS");
  const type = typeOf(input, current);
  const value = input.Value ?? "";
  requirePattern(input.AllowedPattern, value);
  return {
    value,
    type,
    dataType: dataTypeOf(input, type, current),
    tier: tierOf(input, value, current, countParameters(call)),
    description: input.Description ?? current?.description,
    allowedPattern: input.AllowedPattern,
    // Not the previous version's key (API reference, PutParameter: KeyId).
    keyId: type === "SecureString" ? (input.KeyId ?? DEFAULT_KEY) : undefined,
    modifiedBy: call.principal.arn,
  };
}

function typeOf(input: PutParameterCommandInput, current: ParameterVersion | undefined): ParameterType {
  const type = input.Type ?? current?.type;
  if (!type) throw invalid("A parameter type is required when you create a parameter.");
  if (current && type !== current.type) {
    throw new AwsError(
      "HierarchyTypeMismatch",
      "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.",
    );
  }
  return type;
}

function dataTypeOf(input: PutParameterCommandInput, type: string, current: ParameterVersion | undefined): string {
  const dataType = input.DataType ?? current?.dataType ?? "text";
  if (!DATA_TYPES.includes(dataType)) {
    throw invalid(`The following data type is not supported: ${dataType} (Data type names are all lowercase.)`);
  }
  if (dataType === "aws:ec2:image" && type !== "String") {
    throw invalid(`The data type ${dataType} takes parameters of type String only, not ${type}.`);
  }
  if (current && dataType !== current.dataType) {
    throw invalid(`The data type of a parameter can't be changed from ${current.dataType} to ${dataType}.`);
  }
  return dataType;
}

/** The number of the account's parameters in a tier; only counted if needed. */
const countParameters =
  ({ aws, account, region }: Call) =>
  (tier: ParameterTier): number => {
    const { parameters } = aws.state(ssmState, account, region);
    if (parameters.size < MAX_PARAMETERS.Standard) return 0;
    return [...parameters.values()].filter((parameter) => latest(parameter).tier === tier).length;
  };

function tierOf(
  input: PutParameterCommandInput,
  value: string,
  current: ParameterVersion | undefined,
  count: (tier: ParameterTier) => number,
): ParameterTier {
  if (value.length === 0) {
    throw invalid(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  }
  const asked = input.Tier ?? current?.tier ?? "Standard";
  if (current?.tier === "Advanced" && asked === "Standard") {
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const large = value.length > MAX_VALUE.Standard;
  // Intelligent tiering upgrades if a standard parameter is not enough, and never downgrades.
  const needsAdvanced = () =>
    large || current?.tier === "Advanced" || (!current && count("Standard") >= MAX_PARAMETERS.Standard);
  const tier = asked !== "Intelligent-Tiering" ? asked : needsAdvanced() ? "Advanced" : "Standard";
  if (
    current?.tier !== tier &&
    count(tier) >= (tier === "Advanced" ? MAX_PARAMETERS.Advanced : MAX_PARAMETERS.Standard)
  ) {
    throw new AwsError(
      "ParameterLimitExceeded",
      "You have exceeded the number of parameters for this Amazon Web Services account. Delete one or more parameters and try again.",
    );
  }
  const limit = tier === "Advanced" ? MAX_VALUE.Advanced : MAX_VALUE.Standard;
  if (value.length <= limit) return tier;
  throw invalid(
    tier === "Advanced"
      ? `Advanced tier parameters support a maximum parameter value of ${limit} characters.`
      : `Standard tier parameters support a maximum parameter value of ${limit} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
  );
}

function requirePattern(pattern: string | undefined, value: string): void {
  if (!pattern) return;
  let allowed: RegExp;
  try {
    allowed = new RegExp(pattern);
  } catch (cause) {
    throw new AwsError("InvalidAllowedPatternException", `The pattern ${pattern} is not a regular expression`, {
      cause,
    });
  }
  if (!allowed.test(value)) {
    throw new AwsError(
      "ParameterPatternMismatchException",
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
  }
}
