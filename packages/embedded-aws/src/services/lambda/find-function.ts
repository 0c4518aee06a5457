import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { functions, type LambdaFunction } from "./state.ts";

/** A function's location, from any form that AWS accepts. */
interface FunctionPlace {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Unqualified. */
  readonly arn: string;
  /** A version or an alias; only `$LATEST` exists here. */
  readonly qualifier: string | undefined;
}

/** Name, `account:function:name` or ARN; each may end in `:qualifier`. From Lambda's API reference, `FunctionName`. */
const FORMS =
  /^(?:arn:(?<partition>aws[\w-]*):lambda:)?(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

/** @throws AwsError ValidationException if the name has none of AWS's forms */
export function functionPlace(
  functionName: string | undefined,
  from: { readonly aws: EmbeddedAws; readonly account: string; readonly region: string },
  qualifier?: string,
): FunctionPlace {
  const form = FORMS.exec(functionName ?? "")?.groups;
  if (!form?.name) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${functionName ?? ""}' at 'functionName' failed to satisfy constraint: Member must be a function name, a partial ARN or an ARN`,
    );
  }
  const { account = from.account, region = from.region, name } = form;
  const arn = `arn:${from.aws.partition}:lambda:${region}:${account}:function:${name}`;
  return { account, region, name, arn, qualifier: qualifier ?? form.qualifier };
}

export const findFunction = (aws: EmbeddedAws, place: FunctionPlace): LambdaFunction | undefined =>
  place.qualifier === undefined || place.qualifier === "$LATEST"
    ? aws.state(functions, place.account, place.region).get(place.name)
    : undefined;

/** @throws AwsError ResourceNotFoundException */
export function requireFunction(aws: EmbeddedAws, place: FunctionPlace): LambdaFunction {
  const found = findFunction(aws, place);
  if (found) return found;
  throw new AwsError("ResourceNotFoundException", `Function not found: ${qualifiedArn(place)}`);
}

/** The requested ARN, for IAM policies. */
export const qualifiedArn = ({ arn, qualifier }: FunctionPlace): string =>
  qualifier === undefined ? arn : `${arn}:${qualifier}`;
