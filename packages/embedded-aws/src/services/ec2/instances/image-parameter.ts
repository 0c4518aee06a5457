import { type Authorization, AwsError, type Call } from "../../../engine/operation.ts";
import { authorizeParameter } from "../../ssm/authorize-parameter.ts";
import { requireVersion } from "../../ssm/find-parameter.ts";

const PREFIX = "resolve:ssm:";

/** The parameter given instead of an image's id: `resolve:ssm:<name, or ARN of a shared one>[:<selector>]`. */
const parameterOf = (imageId: string | undefined): string | undefined =>
  imageId?.startsWith(PREFIX) ? imageId.slice(PREFIX.length) : undefined;

/** The permission to read the parameter. EC2 reads it as the caller that launches. */
export function authorizeImageParameter(call: Call, imageId: string | undefined): Partial<Authorization>[] {
  const parameter = parameterOf(imageId);
  return parameter === undefined ? [] : [{ action: "ssm:GetParameters", ...authorizeParameter(call, parameter) }];
}

/** The image's id, read from the parameter if one is given. @throws InvalidParameterValue if it does not resolve */
export function resolveImageId(call: Call, imageId: string | undefined): string | undefined {
  const parameter = parameterOf(imageId);
  if (parameter === undefined) return imageId;
  try {
    return requireVersion(call.aws, call, parameter).version.value;
  } catch (cause) {
    throw new AwsError("InvalidParameterValue", `The parameter ${parameter} could not be resolved to an image`, {
      cause,
    });
  }
}

/** Undefined if the parameter does not exist: the operation itself reports that, after its authorization. */
export function findImageId(call: Call, imageId: string | undefined): string | undefined {
  try {
    return resolveImageId(call, imageId);
  } catch (refusal) {
    if (refusal instanceof AwsError) return undefined;
    throw refusal;
  }
}
