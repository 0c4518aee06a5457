import type { PutRolePermissionsBoundaryCommandInput } from "@aws-sdk/client-iam";
import { operation } from "../../engine/operation.ts";
import { roleNamed } from "./find-roles.ts";
import { assertManagedPolicy } from "./managed-policy.ts";
import { roleArn } from "./resource-arns.ts";

export const putRolePermissionsBoundary = operation<PutRolePermissionsBoundaryCommandInput, object>({
  authorize: ({ RoleName, PermissionsBoundary = "" }, call) => [
    { resources: [roleArn(call, RoleName)], context: { "iam:PermissionsBoundary": PermissionsBoundary } },
  ],
  run({ RoleName, PermissionsBoundary = "" }, { aws, account }) {
    const role = roleNamed(aws, account, RoleName);
    assertManagedPolicy(aws, PermissionsBoundary);
    role.boundary = PermissionsBoundary;
    return {};
  },
});
