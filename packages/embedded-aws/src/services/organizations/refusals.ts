import { AwsError } from "../../engine/aws-error.ts";

/**
 * Codes and meanings are from the Organizations API reference; reasons are its enums. Most messages are the reference's
 * descriptions, since AWS's own are not known.
 */
export const refusal = (code: string, message: string): AwsError => new AwsError(code, message);

export const constraintViolation = (reason: string, message: string): AwsError =>
  new AwsError("ConstraintViolationException", message, { members: { Reason: reason } });

export const invalidInput = (reason: string, message: string): AwsError =>
  new AwsError("InvalidInputException", message, { members: { Reason: reason } });

export const accessDenied = (): AwsError =>
  refusal("AccessDeniedException", "You don't have permissions to access this resource.");

export const targetNotFound = (): AwsError =>
  refusal("TargetNotFoundException", "You specified a target that doesn't exist.");

export const needsAllFeatures = (): AwsError =>
  constraintViolation(
    "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
    "This operation requires all features to be enabled in the organization.",
  );

export const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `organizations: ${what} is not built in the embedded AWS`);
