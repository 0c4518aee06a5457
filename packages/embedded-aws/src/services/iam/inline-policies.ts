import type * as Sdk from "@aws-sdk/client-iam";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { roleNamed } from "./find-roles.ts";
import { assertIdentityPolicy } from "./identity-policy.ts";
import { roleArn } from "./resource-arns.ts";

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
} satisfies Operations<typeof Sdk>;
