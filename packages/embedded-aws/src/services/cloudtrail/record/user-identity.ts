import type { Principal } from "../../../engine/principal.ts";

type Identity = Readonly<Record<string, unknown>>;

/** Who called, as the caller's own account reads it (CloudTrail user guide, "userIdentity element"). */
export function userIdentity(principal: Principal): Identity {
  const { account, arn } = principal;
  switch (principal.kind) {
    case "account":
      return { type: "Root", principalId: account, arn, accountId: account, accessKeyId: account };
    case "role": {
      const userName = principal.roleArn.slice(principal.roleArn.lastIndexOf("/") + 1);
      const sessionIssuer = { type: "Role", arn: principal.roleArn, accountId: account, userName };
      return { type: "AssumedRole", arn, accountId: account, sessionContext: { sessionIssuer } };
    }
    case "service":
      return { type: "AWSService", invokedBy: principal.service };
  }
}

/** Who called, as another account reads it whose resource was used: the account, without names. */
export const foreignIdentity = (principal: Principal): Identity =>
  principal.kind === "service"
    ? userIdentity(principal)
    : { type: "AWSAccount", principalId: principal.account, accountId: principal.account };
