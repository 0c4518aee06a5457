import type { Authorization, Call } from "../../engine/operation.ts";
import { resourceTagContext } from "../tag-context.ts";
import { findKey } from "./find-key.ts";
import { type Grant, type Key, kmsState } from "./state.ts";

/**
 * The authorization of a request for a key: the key's own policy decides, unless it delegates to its account (KMS
 * developer guide, "Key policies"). The operation itself reports a key that does not exist.
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

/**
 * A service's request to KMS with its caller's permissions: actions on the key that encrypts the caller's data. Empty
 * without a KMS key.
 * @param service the beginning of `kms:ViaService`: `sns`, `sqs`, `ec2`
 */
export function throughKey(
  call: Call,
  service: string,
  key: string | undefined,
  actions: readonly string[],
  context: Authorization["context"] = {},
): Partial<Authorization>[] {
  if (!key) return [];
  const via = { "kms:ViaService": `${service}.${call.region}.amazonaws.com` };
  const asked = authorizeKey(call, key, { ...context, ...via });
  return actions.map((action) => ({ ...asked, action: `kms:${action}` }));
}

/** A key's grants as a policy: a grant allows like a policy, and cannot deny. Undefined without grants. */
const grantStatements = ({ grants }: Key): string | undefined =>
  grants.size === 0
    ? undefined
    : JSON.stringify({ Version: "2012-10-17", Statement: [...grants.values()].map(toStatement) });

const toStatement = (grant: Grant): object => ({
  Sid: grant.id,
  Effect: "Allow",
  // The retiring principal can only retire the grant.
  Principal: grant.grantee.endsWith(".amazonaws.com") ? { Service: grant.grantee } : { AWS: grant.grantee },
  Action: grant.operations.map((operation) => `kms:${operation}`),
  Resource: "*",
  ...(grant.constraints && { Condition: { StringEquals: encryptionContext(grant.constraints) } }),
});

const encryptionContext = (constraints: NonNullable<Grant["constraints"]>): Record<string, string> => {
  const wanted = constraints.EncryptionContextEquals ?? constraints.EncryptionContextSubset ?? {};
  return Object.fromEntries(Object.entries(wanted).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]));
};
