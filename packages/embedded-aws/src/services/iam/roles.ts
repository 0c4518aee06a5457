import type * as Sdk from "@aws-sdk/client-iam";
import type { Role as DescribedRole } from "@aws-sdk/client-iam";
import { parsePolicy } from "../../authorization/policy-document.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { assertManagedPolicy } from "./managed-policies.ts";
import { makeServiceLinkedRole, serviceLinkedRoles } from "./service-linked-roles.ts";
import { iamOf, type Role, roleArn, tagList, tagMap } from "./state.ts";

export const operations = {
  CreateRole: {
    authorize: ({ Path = "/", RoleName, PermissionsBoundary, Tags }, { account }) => [
      {
        resources: [`arn:aws:iam::${account}:role${Path}${RoleName}`],
        context: {
          ...requestTagContext([...tagMap(Tags)]),
          ...(PermissionsBoundary !== undefined && { "iam:PermissionsBoundary": PermissionsBoundary }),
        },
      },
    ],
    run(input, { aws, account }) {
      const { roles } = iamOf(aws, account);
      const { Path: path = "/", RoleName: name = "", AssumeRolePolicyDocument: trustPolicy = "" } = input;
      if (roles.has(name)) {
        throw new AwsError("EntityAlreadyExists", `Role with name ${name} already exists.`);
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
        tags: tagMap(input.Tags),
        inline: new Map(),
        attached: new Set(),
        boundary: input.PermissionsBoundary,
      };
      roles.set(name, role);
      return { Role: describeRole(role) };
    },
  },
  /** A service has one such role in an account; the suffix that some services support is not built. */
  CreateServiceLinkedRole: {
    authorize: ({ AWSServiceName: service = "" }, { aws, account }) => [
      {
        resources: [
          `arn:${aws.partition}:iam::${account}:role/aws-service-role/${service}/${serviceLinkedRoles[service]?.name ?? "AWSServiceRoleFor*"}`,
        ],
        context: { "iam:AWSServiceName": service },
      },
    ],
    run({ AWSServiceName: service = "", CustomSuffix }, { aws, account }) {
      const known = serviceLinkedRoles[service];
      if (!known || CustomSuffix) {
        const what = CustomSuffix ? `the suffix ${CustomSuffix}` : service;
        throw new AwsError(
          "NotImplemented",
          `iam: CreateServiceLinkedRole for ${what} is not built in the embedded AWS`,
        );
      }
      if (iamOf(aws, account).roles.has(known.name)) {
        throw new AwsError(
          "InvalidInput",
          `Service role name ${known.name} has been taken in this account, please try a different suffix.`,
        );
      }
      return { Role: describeRole(makeServiceLinkedRole(aws, account, service)) };
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
        // ListRoles omits the boundary and tags (API reference).
        Roles: roles.map((role) => ({ ...describeRole(role), Tags: undefined, PermissionsBoundary: undefined })),
      };
    },
  },
  /** An omitted session duration resets to an hour (API reference); an omitted description stays. */
  UpdateRole: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, Description, MaxSessionDuration = 3600 }, { aws, account }) {
      const role = modifiableRole(aws, account, RoleName);
      role.maxSessionDuration = MaxSessionDuration;
      role.description = Description ?? role.description;
    },
  },
  UpdateRoleDescription: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, Description }, { aws, account }) {
      const role = modifiableRole(aws, account, RoleName);
      role.description = Description;
      return { Role: describeRole(role) };
    },
  },
  UpdateAssumeRolePolicy: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName, PolicyDocument = "" }, { aws, account }) {
      const role = modifiableRole(aws, account, RoleName);
      assertTrustPolicy(PolicyDocument);
      role.trustPolicy = PolicyDocument;
    },
  },
  DeleteRole: {
    authorize: ({ RoleName }, call) => [{ resources: [roleArn(call, RoleName)] }],
    run({ RoleName }, { aws, account }) {
      const { roles, instanceProfiles } = iamOf(aws, account);
      const role = modifiableRole(aws, account, RoleName);
      if (role.inline.size) throw conflict("must delete policies first.");
      if (role.attached.size) throw conflict("must detach all policies first.");
      if ([...instanceProfiles.values()].some((profile) => profile.role === role.name)) {
        throw conflict("must remove roles from instance profile first.");
      }
      roles.delete(role.name);
    },
  },
} satisfies Operations<typeof Sdk>;

/** A trust policy names principals and no resources. */
function assertTrustPolicy(text: string): void {
  for (const { principals, resources } of parsePolicy(text)) {
    if (!principals) throw malformed("AssumeRolepolicy must contain principals.");
    if (resources) throw malformed("AssumeRole policy cannot contain resources.");
  }
}

const malformed = (message: string): AwsError => new AwsError("MalformedPolicyDocument", message);

/** The role with that name. @throws AwsError NoSuchEntity */
export function roleNamed(aws: EmbeddedAws, account: string, name: string | undefined): Role {
  const role = iamOf(aws, account).roles.get(name ?? "");
  if (!role) throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`);
  return role;
}

/** As `roleNamed`, but refuses a role that belongs to a service. */
export function modifiableRole(aws: EmbeddedAws, account: string, name: string | undefined): Role {
  const role = roleNamed(aws, account, name);
  if (!role.path.startsWith("/aws-service-role/")) return role;
  throw new AwsError(
    "UnmodifiableEntity",
    `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
  );
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
    Tags: tagList(role.tags),
    PermissionsBoundary:
      role.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: "PermissionsBoundaryPolicy", PermissionsBoundaryArn: role.boundary },
  };
}

export const conflict = (what: string): AwsError => new AwsError("DeleteConflict", `Cannot delete entity, ${what}`);
