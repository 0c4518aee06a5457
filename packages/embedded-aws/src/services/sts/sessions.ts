import type * as Sdk from "@aws-sdk/client-sts";
import { credentialsOf } from "../../authorization/credentials.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { rolePrincipal } from "../../engine/principal.ts";
import { findRole } from "../iam/state.ts";

const HOUR = 3600;
const TRUSTS_NONE = JSON.stringify({ Version: "2012-10-17", Statement: [] });

export const operations = {
  /** Issues keys of a role's session if its trust policy and the caller's own policies allow it. */
  AssumeRole: {
    authorize({ RoleArn = "", ...input }, { aws }) {
      return [
        {
          resources: [RoleArn],
          // A role that does not exist is refused like one whose trust policy allows no principal.
          resourcePolicy: findRole(aws, RoleArn)?.trustPolicy ?? TRUSTS_NONE,
          owner: RoleArn.split(":")[4] ?? "",
          context: {
            ...(input.ExternalId === undefined ? {} : { "sts:ExternalId": input.ExternalId }),
            ...(input.RoleSessionName === undefined ? {} : { "sts:RoleSessionName": input.RoleSessionName }),
          },
        },
      ];
    },

    run(input, { aws, principal }) {
      const { RoleArn = "", RoleSessionName = "" } = input;
      const role = findRole(aws, RoleArn);
      if (!role) {
        const message = `User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`;
        throw new AwsError("AccessDenied", message, { status: 403 });
      }
      const seconds = checkSession(input, role.maxSessionDuration, principal.kind === "role");
      const session = rolePrincipal(RoleArn, RoleSessionName);
      const expiresAt = aws.clock.now() + seconds * 1000;
      const keys = credentialsOf(aws).issue(session, expiresAt);
      return {
        Credentials: {
          AccessKeyId: keys.accessKeyId,
          SecretAccessKey: keys.secretAccessKey,
          SessionToken: keys.sessionToken,
          Expiration: new Date(expiresAt),
        },
        AssumedRoleUser: { AssumedRoleId: `${role.id}:${RoleSessionName}`, Arn: session.arn },
      };
    },
  },
  /** Needs no permission, and cannot be denied (API reference). */
  GetCallerIdentity: {
    authorize: () => [],
    run(_input, { aws, principal }) {
      const { account, arn } = principal;
      if (principal.kind !== "role") return { UserId: account, Account: account, Arn: arn };
      const session = arn.slice(arn.lastIndexOf("/") + 1);
      return { UserId: `${findRole(aws, principal.roleArn)?.id}:${session}`, Account: account, Arn: arn };
    },
  },
} satisfies Operations<typeof Sdk>;

/**
 * A session's length in seconds.
 * @param most the role's MaxSessionDuration
 * @param chained whether the caller is a role's session: then at most an hour (IAM User Guide, "role chaining")
 */
function checkSession(input: Sdk.AssumeRoleCommandInput, most: number, chained: boolean): number {
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

const invalid = (message: string) => new AwsError("ValidationError", message);

const notBuilt = (what: string) =>
  new AwsError("NotImplemented", `sts:AssumeRole with ${what} is not built in the embedded AWS`);
