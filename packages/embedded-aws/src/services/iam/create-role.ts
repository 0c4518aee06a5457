import type * as Sdk from "@aws-sdk/client-iam";
import { parsePolicy } from "../../authorization/policy-document.ts";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { describeRole } from "./find-roles.ts";
import { assertManagedPolicy } from "./managed-policy.ts";
import { iamOf, type Role } from "./state.ts";

export const operations = {
  CreateRole: {
    authorize: ({ Path = "/", RoleName, PermissionsBoundary }, { account }) => [
      {
        resources: [`arn:aws:iam::${account}:role${Path}${RoleName}`],
        ...(PermissionsBoundary === undefined ? {} : { context: { "iam:PermissionsBoundary": PermissionsBoundary } }),
      },
    ],
    run(input, { aws, account }) {
      const { roles } = iamOf(aws, account);
      const { Path: path = "/", RoleName: name = "", AssumeRolePolicyDocument: trustPolicy = "" } = input;
      if (roles.has(name)) {
        throw new AwsError("EntityAlreadyExists", `Role with name ${name} already exists.`, { status: 409 });
      }
      assertTrustPolicy(trustPolicy);
      if (input.PermissionsBoundary !== undefined) assertManagedPolicy(aws, input.PermissionsBoundary);
      const role: Role = {
        name,
        path,
        arn: `arn:aws:iam::${account}:role${path}${name}`,
        id: `AROA${aws.hexId(17).toUpperCase()}`,
        created: aws.clock.now(),
        description: input.Description,
        maxSessionDuration: input.MaxSessionDuration ?? 3600,
        trustPolicy,
        tags: new Map(input.Tags?.map(({ Key = "", Value = "" }) => [Key, Value])),
        inline: new Map(),
        attached: new Set(),
        boundary: input.PermissionsBoundary,
      };
      roles.set(name, role);
      return { Role: describeRole(role) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** A trust policy says who, and about its own role only. */
function assertTrustPolicy(text: string): void {
  for (const { principals, resources } of parsePolicy(text)) {
    if (!principals) throw malformed("AssumeRolepolicy must contain principals.");
    if (resources) throw malformed("AssumeRole policy cannot contain resources.");
  }
}

const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message, { status: 400 });
