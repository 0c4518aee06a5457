import type * as Sdk from "@aws-sdk/client-iam";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { assertManagedPolicy } from "./managed-policies.ts";
import { assertIdentityPolicy } from "./policies.ts";
import { roleNamed } from "./roles.ts";
import { roleArn } from "./state.ts";

export const operations = {
  PutRolePolicy: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, PolicyName = "", PolicyDocument = "" }, { aws, account }) {
      const role = roleNamed(aws, account, RoleName);
      assertIdentityPolicy(PolicyDocument);
      role.inline.set(PolicyName, PolicyDocument);
      return {};
    },
  },
  GetRolePolicy: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, PolicyName = "" }, { aws, account }) {
      const document = roleNamed(aws, account, RoleName).inline.get(PolicyName);
      if (document === undefined) {
        throw new AwsError("NoSuchEntity", `The role policy with name ${PolicyName} cannot be found.`, { status: 404 });
      }
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(document) };
    },
  },
  ListRolePolicies: {
    list: "PolicyNames",
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run: ({ RoleName }, { aws, account }) => ({
      PolicyNames: [...roleNamed(aws, account, RoleName).inline.keys()].sort(),
    }),
  },
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
