import type * as Sdk from "@aws-sdk/client-iam";
import type { Operations } from "../../engine/operation.ts";
import { roleNamed } from "./find-roles.ts";
import { assertManagedPolicy } from "./managed-policy.ts";
import { roleArn } from "./resource-arns.ts";

export const operations = {
  AttachRolePolicy: {
    authorize: ({ RoleName, PolicyArn = "" }, call) => [
      { resources: [roleArn(call, RoleName)], context: { "iam:PolicyARN": PolicyArn } },
    ],
    run({ RoleName, PolicyArn = "" }, { aws, account }) {
      const role = roleNamed(aws, account, RoleName);
      assertManagedPolicy(aws, PolicyArn);
      role.attached.add(PolicyArn);
      return {};
    },
  },
  ListAttachedRolePolicies: {
    list: "AttachedPolicies",
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName }, { aws, account }) {
      const arns = [...roleNamed(aws, account, RoleName).attached].sort();
      return {
        AttachedPolicies: arns.map((arn) => ({ PolicyArn: arn, PolicyName: arn.slice(arn.lastIndexOf("/") + 1) })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
