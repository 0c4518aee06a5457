import type { GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput } from "@aws-sdk/client-sts";
import { operation } from "../../engine/operation.ts";
import { findRole } from "../iam/state.ts";

/** Needs no permission, and none can be taken away (API reference). */
export const getCallerIdentity = operation<GetCallerIdentityCommandInput, Partial<GetCallerIdentityCommandOutput>>({
  authorize: () => [],
  run(_input, { aws, principal }) {
    const { account, arn } = principal;
    if (principal.kind !== "role") return { UserId: account, Account: account, Arn: arn };
    const session = arn.slice(arn.lastIndexOf("/") + 1);
    return { UserId: `${findRole(aws, principal.roleArn)?.id}:${session}`, Account: account, Arn: arn };
  },
});
