import type { Authorization, Call } from "../../engine/operation.ts";
import { authorizeParameter } from "../ssm/authorize-parameter.ts";
import { resourceTagContext } from "../tag-context.ts";
import { ramOf } from "./state.ts";

type Asked = readonly Partial<Authorization>[];

interface Entities {
  readonly principals?: readonly string[] | undefined;
  readonly resourceArns?: readonly string[] | undefined;
}

/** Condition keys for entities that are added to a share or removed. */
export const entityContext = ({ principals = [], resourceArns = [] }: Entities) => ({
  ...(principals.length > 0 && { "ram:Principal": principals }),
  ...(resourceArns.length > 0 && { "ram:ResourceArn": resourceArns }),
});

/** A share's ARN and condition keys (service authorization reference, "AWS Resource Access Manager"). */
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
 * Systems Manager stores a share as the parameter's policy, so the caller needs permission to write it ("Permissions
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
