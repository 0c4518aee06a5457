import type { Grant, Key } from "./state.ts";

/** The key's policy with its grants as statements: a grant allows what a policy would, and cannot deny. */
export function effectivePolicy(key: Key): string {
  if (key.grants.size === 0) return key.policy;
  const policy = JSON.parse(key.policy) as { Statement: object | object[] };
  return JSON.stringify({
    ...policy,
    Statement: [policy.Statement, [...key.grants.values()].map(toStatement)].flat(2),
  });
}

const toStatement = (grant: Grant): object => ({
  Sid: grant.id,
  Effect: "Allow",
  // The retiring principal can only give the grant back.
  Principal: grant.grantee.endsWith(".amazonaws.com") ? { Service: grant.grantee } : { AWS: grant.grantee },
  Action: grant.operations.map((operation) => `kms:${operation}`),
  Resource: "*",
  ...(grant.constraints && { Condition: { StringEquals: encryptionContext(grant.constraints) } }),
});

const encryptionContext = (constraints: NonNullable<Grant["constraints"]>): Record<string, string> => {
  const wanted = constraints.EncryptionContextEquals ?? constraints.EncryptionContextSubset ?? {};
  return Object.fromEntries(Object.entries(wanted).map(([key, value]) => [`kms:EncryptionContext:${key}`, value]));
};
