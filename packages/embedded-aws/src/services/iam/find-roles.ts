import type * as Sdk from "@aws-sdk/client-iam";
import type { Role as DescribedRole } from "@aws-sdk/client-iam";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { roleArn } from "./resource-arns.ts";
import { iamOf, type Role } from "./state.ts";

export const operations = {
  GetRole: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run: ({ RoleName }, { aws, account }) => ({ Role: describeRole(roleNamed(aws, account, RoleName)) }),
  },
  ListRoles: {
    list: "Roles",
    authorize: ({ PathPrefix = "/" }, { account }) => [{ resources: [`arn:aws:iam::${account}:role${PathPrefix}`] }],
    run({ PathPrefix = "/" }, { aws, account }) {
      const roles = [...iamOf(aws, account).roles.values()]
        .filter(({ path }) => path.startsWith(PathPrefix))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return {
        // ListRoles leaves out the boundary and tags (API reference).
        Roles: roles.map((role) => ({ ...describeRole(role), Tags: undefined, PermissionsBoundary: undefined })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

/** The role of that name; refuses with AWS's NoSuchEntity. */
export function roleNamed(aws: EmbeddedAws, account: string, name: string | undefined): Role {
  const role = iamOf(aws, account).roles.get(name ?? "");
  if (!role) throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`, { status: 404 });
  return role;
}

export function describeRole(role: Role): DescribedRole {
  return {
    RoleName: role.name,
    Path: role.path,
    Arn: role.arn,
    RoleId: role.id,
    CreateDate: new Date(role.created),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    // IAM answers policies URL-encoded (RFC 3986).
    AssumeRolePolicyDocument: encodeURIComponent(role.trustPolicy),
    Tags: role.tags.size ? [...role.tags].map(([Key, Value]) => ({ Key, Value })) : undefined,
    PermissionsBoundary:
      role.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: "PermissionsBoundaryPolicy", PermissionsBoundaryArn: role.boundary },
  };
}
