import type { Authorization, Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import { findKey } from "./find-key.ts";
import { grantStatements } from "./grant-statements.ts";
import { kmsState } from "./state.ts";

/**
 * What KMS authorizes a request for a key against: the key's own policy alone decides, unless it delegates to its
 * account (KMS developer guide, "Key policies"). A key that isn't there is refused by the operation itself.
 */
export function authorizeKey(
  call: Call,
  reference: string | undefined,
  context: Authorization["context"] = {},
): Omit<Authorization, "action"> {
  const key = reference ? findKey(call.aws, call, reference) : undefined;
  if (!key) return { resources: [reference?.startsWith("arn:") ? reference : "*"], context };
  const { aliases } = call.aws.state(kmsState, key.account, call.region);
  return {
    resources: [key.arn],
    owner: key.account,
    resourcePolicy: key.policy,
    grants: grantStatements(key),
    context: {
      ...context,
      ...resourceTagContext(key.tags),
      "kms:CallerAccount": call.account,
      "kms:ResourceAliases": [...aliases.values()].filter((alias) => alias.keyId === key.id).map(({ name }) => name),
      ...(reference?.includes("alias/") && { "kms:RequestAlias": reference.slice(reference.indexOf("alias/")) }),
    },
  };
}
