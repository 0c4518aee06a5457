import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { AwsError } from "../../engine/aws-error.ts";

const HOUR = 3600;

/**
 * A session's length in seconds.
 * @param most the role's MaxSessionDuration
 * @param chained whether a role's session asks: then an hour at most (IAM User Guide, "role chaining")
 */
export function checkSession(input: AssumeRoleCommandInput, most: number, chained: boolean): number {
  const { DurationSeconds: seconds = HOUR } = input;
  if (chained && seconds > HOUR) {
    throw invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  }
  if (seconds > most) throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  if (input.Policy !== undefined || input.PolicyArns?.length) throw notBuilt("session policies");
  if (input.Tags?.length || input.TransitiveTagKeys?.length) throw notBuilt("session tags");
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) throw notBuilt("MFA");
  return seconds;
}

const invalid = (message: string) => new AwsError("ValidationError", message, { status: 400 });

const notBuilt = (what: string) =>
  new AwsError("NotImplemented", `sts:AssumeRole with ${what} is not built in the embedded AWS`);
