import type * as Sdk from "@aws-sdk/client-iam";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { roleNamed } from "./find-roles.ts";
import { assertManagedPolicy } from "./managed-policy.ts";
import { roleArn } from "./resource-arns.ts";

const PAGE = 100;

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
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, Marker, MaxItems = PAGE }, { aws, account }) {
      const arns = [...roleNamed(aws, account, RoleName).attached].sort();
      const { items, next } = paginate(arns, Marker, MaxItems, "ValidationError");
      return {
        AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: arn.slice(arn.lastIndexOf("/") + 1) })),
        IsTruncated: next !== undefined,
        Marker: next,
      };
    },
  },
} satisfies Operations<typeof Sdk>;
