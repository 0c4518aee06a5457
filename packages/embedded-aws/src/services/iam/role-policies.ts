import type * as Sdk from "@aws-sdk/client-iam";
import { AwsError, type Call, type Operations } from "../../engine/operation.ts";
import { assertManagedPolicy } from "./managed-policies.ts";
import { assertIdentityPolicy } from "./policies.ts";
import { modifiableRole, roleNamed } from "./roles.ts";
import { iamOf, roleArn } from "./state.ts";

export const operations = {
  PutRolePolicy: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, PolicyName = "", PolicyDocument = "" }, { aws, account }) {
      const role = modifiableRole(aws, account, RoleName);
      assertIdentityPolicy(PolicyDocument);
      role.inline.set(PolicyName, PolicyDocument);
    },
  },
  DeleteRolePolicy: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, PolicyName = "" }, { aws, account }) {
      if (!modifiableRole(aws, account, RoleName).inline.delete(PolicyName)) throw noInlinePolicy(PolicyName);
    },
  },
  GetRolePolicy: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, PolicyName = "" }, { aws, account }) {
      const document = roleNamed(aws, account, RoleName).inline.get(PolicyName);
      if (document === undefined) throw noInlinePolicy(PolicyName);
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
      const role = modifiableRole(aws, account, RoleName);
      assertManagedPolicy(aws, PolicyArn);
      role.attached.add(PolicyArn);
    },
  },
  DetachRolePolicy: {
    authorize: ({ RoleName, PolicyArn = "" }, call) => [
      { resources: [roleArn(call, RoleName)], context: { "iam:PolicyARN": PolicyArn } },
    ],
    run({ RoleName, PolicyArn = "" }, { aws, account }) {
      if (!modifiableRole(aws, account, RoleName).attached.delete(PolicyArn)) {
        throw new AwsError("NoSuchEntity", `Policy ${PolicyArn} was not found.`);
      }
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
      const role = modifiableRole(aws, account, RoleName);
      assertManagedPolicy(aws, PermissionsBoundary);
      role.boundary = PermissionsBoundary;
    },
  },
  DeleteRolePermissionsBoundary: {
    authorize: ({ RoleName }, call) => [boundaryNeeds(call, RoleName)],
    run({ RoleName }, { aws, account }) {
      const role = modifiableRole(aws, account, RoleName);
      if (role.boundary === undefined) {
        throw new AwsError("NoSuchEntity", `The role ${role.name} has no permissions boundary.`);
      }
      role.boundary = undefined;
    },
  },
} satisfies Operations<typeof Sdk>;

/** Removing a boundary has the removed boundary as a condition key (service authorization reference). */
function boundaryNeeds(call: Call, name: string | undefined) {
  const boundary = iamOf(call.aws, call.account).roles.get(name ?? "")?.boundary;
  return { resources: [roleArn(call, name)], ...(boundary && { context: { "iam:PermissionsBoundary": boundary } }) };
}

const noInlinePolicy = (name: string): AwsError =>
  new AwsError("NoSuchEntity", `The role policy with name ${name} cannot be found.`);
