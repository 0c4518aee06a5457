import type { CreatePolicyCommandOutput, CreateRoleCommandOutput, GetPolicyCommandOutput } from "@aws-sdk/client-iam";
import { AwsError } from "../../../engine/operation.ts";
import type { Json } from "../template/template.ts";
import {
  differs,
  document,
  type Existing,
  list,
  numberOf,
  pick,
  type ResourceContext,
  type ResourceHandler,
  text,
} from "./handler.ts";

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

export const iamRole: ResourceHandler = {
  required: ["AssumeRolePolicyDocument"],
  optional: [
    ...["Description", "ManagedPolicyArns", "MaxSessionDuration", "Path", "PermissionsBoundary", "Policies"],
    ...["RoleName", "Tags"],
  ],
  async create(properties, context) {
    const RoleName = text(properties.RoleName) ?? context.uniqueName(64);
    const { Role: made } = await context.call<CreateRoleCommandOutput>("iam", "CreateRole", {
      RoleName,
      AssumeRolePolicyDocument: document(properties.AssumeRolePolicyDocument),
      ...pick(properties, ["Path", "Description", "PermissionsBoundary", "Tags"]),
      ...(properties.MaxSessionDuration !== undefined && {
        MaxSessionDuration: numberOf(properties.MaxSessionDuration),
      }),
    });
    try {
      await givePolicies(RoleName, properties, context);
    } catch (refusal) {
      await remove(RoleName, properties, context);
      throw refusal;
    }
    return { physicalId: RoleName, attributes: { Arn: made?.Arn, RoleId: made?.RoleId } };
  },
  async update(properties, existing, context) {
    if (differs(properties, existing.properties, ["RoleName", "Path"])) return undefined;
    const { physicalId, attributes } = existing;
    await change(physicalId, properties, existing, context);
    await givePolicies(physicalId, properties, context);
    await takePolicies(physicalId, existing.properties, properties, context);
    return { physicalId, attributes };
  },
  delete: ({ physicalId, properties }, context) => remove(physicalId, properties, context),
};

async function givePolicies(
  RoleName: string,
  { Policies, ManagedPolicyArns }: Json,
  { call }: ResourceContext,
): Promise<void> {
  for (const PolicyArn of list(ManagedPolicyArns)) await call("iam", "AttachRolePolicy", { RoleName, PolicyArn });
  for (const { PolicyName, PolicyDocument } of list<InlinePolicy>(Policies)) {
    await call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument: document(PolicyDocument) });
  }
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

async function change(
  RoleName: string,
  properties: Json,
  { properties: before }: Existing,
  { call }: ResourceContext,
): Promise<void> {
  const PolicyDocument = document(properties.AssumeRolePolicyDocument);
  await call("iam", "UpdateAssumeRolePolicy", { RoleName, PolicyDocument });
  const MaxSessionDuration = numberOf(properties.MaxSessionDuration);
  await call("iam", "UpdateRole", { RoleName, Description: text(properties.Description) ?? "", MaxSessionDuration });
  const Tags = list<Tag>(properties.Tags);
  const gone = list<Tag>(before.Tags).flatMap(({ Key }) => (Tags.some((one) => one.Key === Key) ? [] : [Key]));
  if (gone.length > 0) await call("iam", "UntagRole", { RoleName, TagKeys: gone });
  if (Tags.length > 0) await call("iam", "TagRole", { RoleName, Tags });
  const PermissionsBoundary = text(properties.PermissionsBoundary);
  if (PermissionsBoundary !== undefined) {
    await call("iam", "PutRolePermissionsBoundary", { RoleName, PermissionsBoundary });
  } else if (before.PermissionsBoundary !== undefined) {
    await call("iam", "DeleteRolePermissionsBoundary", { RoleName });
  }
}

/** Removes policies that the template no longer has. Policies attached outside the stack stay. */
async function takePolicies(RoleName: string, before: Json, after: Json, { call }: ResourceContext): Promise<void> {
  const kept = new Set([
    ...list(after.ManagedPolicyArns),
    ...list<InlinePolicy>(after.Policies).map(({ PolicyName }) => PolicyName),
  ]);
  for (const PolicyArn of list(before.ManagedPolicyArns)) {
    if (!kept.has(PolicyArn)) await unlessGone(call("iam", "DetachRolePolicy", { RoleName, PolicyArn }));
  }
  for (const { PolicyName } of list<InlinePolicy>(before.Policies)) {
    if (!kept.has(PolicyName)) await unlessGone(call("iam", "DeleteRolePolicy", { RoleName, PolicyName }));
  }
}

async function remove(RoleName: string, properties: Json, context: ResourceContext): Promise<void> {
  await takePolicies(RoleName, properties, {}, context);
  await unlessGone(context.call("iam", "DeleteRole", { RoleName }));
}

/** Ignores a failure because the policy no longer exists. */
async function unlessGone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (refusal) {
    if (!(refusal instanceof AwsError && refusal.code === "NoSuchEntity")) throw refusal;
  }
}

/** A customer managed policy. */
export const iamManagedPolicy: ResourceHandler = {
  required: ["PolicyDocument"],
  optional: ["Description", "ManagedPolicyName", "Path", "Roles"],
  async create(properties, context) {
    const { Policy } = await context.call<CreatePolicyCommandOutput>("iam", "CreatePolicy", {
      PolicyName: text(properties.ManagedPolicyName) ?? context.uniqueName(128),
      PolicyDocument: document(properties.PolicyDocument),
      ...pick(properties, ["Path", "Description"]),
    });
    const physicalId = Policy?.Arn ?? "";
    for (const RoleName of list(properties.Roles)) {
      await context.call("iam", "AttachRolePolicy", { RoleName, PolicyArn: physicalId });
    }
    return { physicalId, attributes: { PolicyArn: physicalId, PolicyId: Policy?.PolicyId } };
  },
  async update(properties, { physicalId, attributes, properties: before }, context) {
    if (differs(properties, before, ["ManagedPolicyName", "Path", "Description"])) return undefined;
    await replaceDefaultVersion(physicalId, document(properties.PolicyDocument), context);
    const roles = list(properties.Roles);
    for (const RoleName of roles) await context.call("iam", "AttachRolePolicy", { RoleName, PolicyArn: physicalId });
    await detach(
      list(before.Roles).filter((role) => !roles.includes(role)),
      physicalId,
      context,
    );
    return { physicalId, attributes };
  },
  async delete({ physicalId, properties }, context) {
    await detach(list(properties.Roles), physicalId, context);
    await unlessGone(context.call("iam", "DeletePolicy", { PolicyArn: physicalId }));
  },
};

/** Sets a new default version, and deletes the previous one: a policy can have five. */
async function replaceDefaultVersion(PolicyArn: string, PolicyDocument: string, { call }: ResourceContext) {
  const { Policy } = await call<GetPolicyCommandOutput>("iam", "GetPolicy", { PolicyArn });
  await call("iam", "CreatePolicyVersion", { PolicyArn, PolicyDocument, SetAsDefault: true });
  await call("iam", "DeletePolicyVersion", { PolicyArn, VersionId: Policy?.DefaultVersionId });
}

async function detach(roles: readonly string[], PolicyArn: string, { call }: ResourceContext): Promise<void> {
  for (const RoleName of roles) await unlessGone(call("iam", "DetachRolePolicy", { RoleName, PolicyArn }));
}

/** An inline policy of the roles that it names. */
export const iamPolicy: ResourceHandler = {
  required: ["PolicyDocument", "PolicyName", "Roles"],
  optional: [],
  async create(properties, context) {
    await put(properties, context);
    return { physicalId: context.uniqueName(128), attributes: {} };
  },
  async update(properties, existing, context) {
    if (differs(properties, existing.properties, ["PolicyName"])) return undefined;
    await put(properties, context);
    await take(
      list(existing.properties.Roles).filter((role) => !list(properties.Roles).includes(role)),
      existing.properties,
      context,
    );
    return existing;
  },
  async delete({ properties }, context) {
    await take(list(properties.Roles), properties, context);
  },
};

async function put(properties: Parameters<ResourceHandler["create"]>[0], { call }: ResourceContext): Promise<void> {
  for (const RoleName of list(properties.Roles)) {
    await call("iam", "PutRolePolicy", {
      RoleName,
      PolicyName: properties.PolicyName,
      PolicyDocument: document(properties.PolicyDocument),
    });
  }
}

async function take(
  roles: readonly string[],
  { PolicyName }: Parameters<ResourceHandler["create"]>[0],
  { call }: ResourceContext,
): Promise<void> {
  for (const RoleName of roles) await unlessGone(call("iam", "DeleteRolePolicy", { RoleName, PolicyName }));
}
