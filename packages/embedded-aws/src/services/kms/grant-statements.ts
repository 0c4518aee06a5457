import type { Grant, Key } from "./state.ts";

/** A key's grants as a policy: a grant allows what a policy would, and cannot deny. Undefined where there are none. */
export const grantStatements = ({ grants }: Key): string | undefined =>
  grants.size === 0
    ? undefined
    : JSON.stringify({ Version: "2012-10-17", Statement: [...grants.values()].map(toStatement) });

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
