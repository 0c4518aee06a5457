import type * as Sdk from "@aws-sdk/client-iam";
import type { Role as DescribedRole } from "@aws-sdk/client-iam";
import { parsePolicy } from "../../authorization/policy-document.ts";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { AUTO_SCALING_ROLE, makeAutoScalingRole } from "../autoscaling/service-linked-role.ts";
import { assertManagedPolicy } from "./managed-policies.ts";
import { iamOf, type Role, roleArn } from "./state.ts";

const AUTO_SCALING = "autoscaling.amazonaws.com";

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
  /** A service has one such role in an account, unless it takes a suffix, as Auto Scaling does; that is not built here. */
  CreateServiceLinkedRole: {
    authorize: ({ AWSServiceName: service = "" }, { aws, account }) => [
      {
        resources: [`arn:${aws.partition}:iam::${account}:role/aws-service-role/${service}/${nameOf(service)}`],
        context: { "iam:AWSServiceName": service },
      },
    ],
    run({ AWSServiceName: service = "", CustomSuffix }, { aws, account }) {
      if (service !== AUTO_SCALING || CustomSuffix) {
        const what = CustomSuffix ? `the suffix ${CustomSuffix}` : service;
        throw new AwsError(
          "NotImplemented",
          `iam: CreateServiceLinkedRole for ${what} is not built in the embedded AWS`,
        );
      }
      if (iamOf(aws, account).roles.has(AUTO_SCALING_ROLE)) {
        throw new AwsError(
          "InvalidInput",
          `Service role name ${AUTO_SCALING_ROLE} has been taken in this account, please try a different suffix.`,
          { status: 400 },
        );
      }
      return { Role: describeRole(makeAutoScalingRole(aws, account)) };
    },
  },
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
  DeleteRole: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName }, { aws, account }) {
      const { roles, instanceProfiles } = iamOf(aws, account);
      const role = roleNamed(aws, account, RoleName);
      if (role.inline.size || role.attached.size) throw conflict("must delete policies first.");
      if ([...instanceProfiles.values()].some((profile) => profile.role === role.name)) {
        throw conflict("must remove roles from instance profile first.");
      }
      roles.delete(role.name);
      return {};
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
const nameOf = (service: string): string => (service === AUTO_SCALING ? AUTO_SCALING_ROLE : "AWSServiceRoleFor*");

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

const conflict = (what: string): AwsError =>
  new AwsError("DeleteConflict", `Cannot delete entity, ${what}`, { status: 409 });
