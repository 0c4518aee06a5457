import { AwsError } from "../../engine/aws-error.ts";

/** KMS answers a dry run that would have succeeded with this error. */
export const dryRunSucceeded = (): AwsError =>
  new AwsError("DryRunOperationException", "The request would have succeeded, but the DryRun option is set.");
