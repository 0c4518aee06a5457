import { AwsError } from "../../engine/operation.ts";

/** CloudFormation's error for nearly every invalid request. */
export const validationError = (message: string): AwsError => new AwsError("ValidationError", message);

export const formatError = (message: string): AwsError => validationError(`Template format error: ${message}`);

export const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `cloudformation: ${what} is not built in the embedded AWS`);
