import type * as Sdk from "@aws-sdk/client-iam";
import type { Operations } from "../../engine/operation.ts";
import { roleNamed } from "./find-roles.ts";
import { assertManagedPolicy } from "./managed-policy.ts";
import { roleArn } from "./resource-arns.ts";

export const operations = {
  PutRolePermissionsBoundary: {
    authorize: ({ RoleName, PermissionsBoundary = "" }, call) => [
      { resources: [roleArn(call, RoleName)], context: { "iam:PermissionsBoundary": PermissionsBoundary } },
    ],
    run({ RoleName, PermissionsBoundary = "" }, { aws, account }) {
      const role = roleNamed(aws, account, RoleName);
      assertManagedPolicy(aws, PermissionsBoundary);
      role.boundary = PermissionsBoundary;
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
