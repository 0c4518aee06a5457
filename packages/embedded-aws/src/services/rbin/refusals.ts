import { AwsError } from "../../engine/aws-error.ts";

/** Recycle Bin's refusals (Recycle Bin API reference); their messages are not documented. */

export const invalid = (message: string): AwsError =>
  new AwsError("ValidationException", message, { members: { Reason: "INVALID_PARAMETER_VALUE" } });

export const ruleNotFound = (id: string): AwsError =>
  new AwsError("ResourceNotFoundException", `The retention rule ${id} does not exist.`, {
    members: { Reason: "RULE_NOT_FOUND" },
  });

export const ruleLocked = (id: string, state: string): AwsError =>
  new AwsError("ConflictException", `The retention rule ${id} is in the lock state ${state}.`, {
    members: { Reason: "INVALID_RULE_STATE" },
  });

export const quotaExceeded = (message: string): AwsError =>
  new AwsError("ServiceQuotaExceededException", message, { members: { Reason: "SERVICE_QUOTA_EXCEEDED" } });
