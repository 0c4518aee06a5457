import type * as Sdk from "@aws-sdk/client-kms";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { authorizeKey, dryRunSucceeded, requireKey, requireUsableKey } from "./find-key.ts";
import type { Grant, Key } from "./state.ts";

/** 64 hexadecimal digits. */
const grantId = (aws: EmbeddedAws): string =>
  Array.from({ length: 5 }, () => aws.hexId(13))
    .join("")
    .slice(0, 64);

const alike = (a: Grant, b: Grant): boolean =>
  a.name === b.name && a.grantee === b.grantee && `${[...a.operations].sort()}` === `${[...b.operations].sort()}`;

export const operations = {
  CreateGrant: {
    authorize(input, call) {
      return [
        authorizeKey(call, input.KeyId, {
          "kms:GranteePrincipal": input.GranteePrincipal ?? "",
          "kms:GrantOperations": input.Operations ?? [],
          // True only for grants that AWS services create on behalf of a caller, never for a direct call.
          "kms:GrantIsForAWSResource": String(call.principal.kind === "service"),
          ...(input.RetiringPrincipal && { "kms:RetiringPrincipal": input.RetiringPrincipal }),
        }),
      ];
    },
    run(input, call) {
      const key = requireUsableKey(call, input.KeyId);
      if (input.DryRun) throw dryRunSucceeded();
      const grant: Grant = {
        id: grantId(call.aws),
        token: Buffer.from(call.aws.uuid()).toString("base64"),
        name: input.Name,
        grantee: input.GranteePrincipal ?? "",
        retiring: input.RetiringPrincipal,
        issuer: `arn:${call.aws.partition}:iam::${call.account}:root`,
        operations: input.Operations ?? [],
        constraints: input.Constraints,
        createdAt: call.aws.clock.now(),
      };
      // A named grant requested twice is one grant.
      const same = grant.name && [...key.grants.values()].find((other) => alike(other, grant));
      if (same) return { GrantId: same.id, GrantToken: grant.token };
      key.grants.set(grant.id, grant);
      return { GrantId: grant.id, GrantToken: grant.token };
    },
  },
  ListGrants: {
    list: "Grants",
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const key = requireKey(call.aws, call, input.KeyId);
      const grants = [...key.grants.values()].filter(
        (grant) =>
          (!input.GrantId || grant.id === input.GrantId) &&
          (!input.GranteePrincipal || grant.grantee === input.GranteePrincipal),
      );
      return { Grants: grants.map((grant) => toEntry(key, grant)) };
    },
  },
  RevokeGrant: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const key = requireKey(call.aws, call, input.KeyId);
      if (!key.grants.has(input.GrantId ?? "")) {
        throw new AwsError("NotFoundException", `Grant ID ${input.GrantId} not found`);
      }
      if (input.DryRun) throw dryRunSucceeded();
      key.grants.delete(input.GrantId ?? "");
    },
  },
} satisfies Operations<typeof Sdk>;

const toEntry = (key: Key, grant: Grant): Sdk.GrantListEntry => ({
  KeyId: key.arn,
  GrantId: grant.id,
  ...(grant.name && { Name: grant.name }),
  CreationDate: new Date(grant.createdAt),
  GranteePrincipal: grant.grantee,
  ...(grant.retiring && { RetiringPrincipal: grant.retiring }),
  IssuingAccount: grant.issuer,
  Operations: [...grant.operations],
  ...(grant.constraints && { Constraints: grant.constraints }),
});
