import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { AwsError } from "../../engine/aws-error.ts";

const HOUR = 3600;
const SHORTEST = 900;
const LONGEST = 12 * HOUR;

/**
 * A session's length in seconds.
 * @param most the role's MaxSessionDuration
 * @param chained whether a role's session asks: then an hour at most (IAM User Guide, "role chaining")
 */
export function checkSession(input: AssumeRoleCommandInput, most: number, chained: boolean): number {
  const { RoleSessionName = "", DurationSeconds: seconds = HOUR } = input;
  if (!/^[\w+=,.@-]{2,64}$/.test(RoleSessionName)) {
    throw invalid(
      `1 validation error detected: Value '${RoleSessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  const bound = seconds < SHORTEST ? `greater than or equal to ${SHORTEST}` : `less than or equal to ${LONGEST}`;
  if (seconds < SHORTEST || seconds > LONGEST) {
    throw invalid(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
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
