import type * as Sdk from "@aws-sdk/client-sts";
import { credentialsOf } from "../../authorization/credentials.ts";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { rolePrincipal } from "../../engine/principal.ts";
import { findRole } from "../iam/state.ts";
import { checkSession } from "./check-session.ts";

const NOBODY = JSON.stringify({ Version: "2012-10-17", Statement: [] });

export const operations = {
  /** Hands out keys of a role's session to whom its trust policy lets in, the caller's own policies permitting. */
  AssumeRole: {
    authorize({ RoleArn = "", ...input }, { aws }) {
      return [
        {
          resources: [RoleArn],
          // A role that does not exist is refused like one that trusts nobody.
          resourcePolicy: findRole(aws, RoleArn)?.trustPolicy ?? NOBODY,
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
} satisfies Operations<typeof Sdk>;
