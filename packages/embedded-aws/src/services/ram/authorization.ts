import type { Authorization, Call } from "../../engine/operation.ts";
import { authorizeParameter } from "../ssm/authorize-parameter.ts";
import { resourceTagContext } from "../tag-context.ts";
import { ramOf } from "./state.ts";

type Asked = readonly Partial<Authorization>[];

interface Entities {
  readonly principals?: readonly string[] | undefined;
  readonly resourceArns?: readonly string[] | undefined;
}

/** Condition keys that say what goes into a share, or out of it. */
export const entityContext = ({ principals = [], resourceArns = [] }: Entities) => ({
  ...(principals.length > 0 && { "ram:Principal": principals }),
  ...(resourceArns.length > 0 && { "ram:ResourceArn": resourceArns }),
});

/** A share's ARN with what is known of it (service authorization reference, "AWS Resource Access Manager"). */
export function authorizeShare(call: Call, arn = "*", context: Authorization["context"] = {}): Partial<Authorization> {
  const share = ramOf(call.aws, call.account, call.region).shares.get(arn);
  return {
    resources: [arn],
    context: {
      ...context,
      ...(share && {
        "ram:ResourceShareName": share.name,
        "ram:AllowsExternalPrincipals": String(share.allowExternal),
        ...resourceTagContext(share.tags),
      }),
    },
  };
}

/**
 * Systems Manager keeps a share as the parameter's policy, which the caller must be allowed to write ("Permissions
 * sets for sharing parameters": GetResourcePolicies and PutResourcePolicy for roles that call RAM).
 */
export const authorizeSharing = (call: Call, arns: readonly string[] = []): Asked =>
  arns
    .filter((arn) => arn.includes(":ssm:"))
    .flatMap((arn) =>
      ["ssm:GetResourcePolicies", "ssm:PutResourcePolicy"].map((action) => ({
        action,
        ...authorizeParameter(call, arn),
      })),
    );
