import type { CreatePolicyCommandOutput, CreateRoleCommandOutput } from "@aws-sdk/client-iam";
import { parsePolicy } from "../../../authorization/policy-document.ts";
import { AwsError } from "../../../engine/aws-error.ts";
import { assertIdentityPolicy } from "../../iam/policies.ts";
import { iamOf, type Role } from "../../iam/state.ts";
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
      await remove(RoleName, context);
      throw refusal;
    }
    return { physicalId: RoleName, attributes: { Arn: made?.Arn, RoleId: made?.RoleId } };
  },
  async update(properties, existing, context) {
    if (differs(properties, existing.properties, ["RoleName", "Path"])) return undefined;
    const { physicalId, attributes } = existing;
    change(context, physicalId, properties);
    await givePolicies(physicalId, properties, context);
    takePolicies(existing, properties, context);
    return { physicalId, attributes };
  },
  delete: ({ physicalId }, context) => remove(physicalId, context),
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

const roleIn = ({ aws, account }: ResourceContext, name: string): Role | undefined =>
  iamOf(aws, account).roles.get(name);

/**
 * UpdateRole, UpdateAssumeRolePolicy, DetachRolePolicy and DeleteRolePolicy are not built in the embedded IAM: what
 * CloudFormation does by them is done on IAM's state. Who may do the rest of an update, or DeleteRole, is asked.
 */
function change(context: ResourceContext, name: string, properties: Json): void {
  const role = roleIn(context, name);
  if (!role) throw new AwsError("NoSuchEntity", `The role with name ${name} cannot be found.`, { status: 404 });
  const trustPolicy = document(properties.AssumeRolePolicyDocument);
  parsePolicy(trustPolicy);
  iamOf(context.aws, context.account).roles.set(name, {
    ...role,
    trustPolicy,
    description: text(properties.Description),
    maxSessionDuration: numberOf(properties.MaxSessionDuration) ?? 3600,
    tags: new Map(list<{ Key: string; Value: string }>(properties.Tags).map(({ Key, Value }) => [Key, Value])),
    boundary: text(properties.PermissionsBoundary),
  });
}

/** What the template no longer says. Policies that others gave the role stay. */
function takePolicies({ physicalId, properties: before }: Existing, after: Json, context: ResourceContext): void {
  const role = roleIn(context, physicalId);
  const kept = new Set([
    ...list(after.ManagedPolicyArns),
    ...list<InlinePolicy>(after.Policies).map(({ PolicyName }) => PolicyName),
  ]);
  for (const arn of list(before.ManagedPolicyArns)) if (!kept.has(arn)) role?.attached.delete(arn);
  for (const { PolicyName } of list<InlinePolicy>(before.Policies))
    if (!kept.has(PolicyName)) role?.inline.delete(PolicyName);
}

async function remove(RoleName: string, context: ResourceContext): Promise<void> {
  try {
    await context.call("iam", "DeleteRole", { RoleName });
  } catch (refusal) {
    if (!(refusal instanceof AwsError)) throw refusal;
    if (refusal.code === "NoSuchEntity") return;
    if (refusal.code !== "DeleteConflict") throw refusal;
    // The caller may delete it: it has policies, which go first.
    const role = roleIn(context, RoleName);
    role?.inline.clear();
    role?.attached.clear();
    await context.call("iam", "DeleteRole", { RoleName });
  }
}

const rolesOf = ({ aws, account }: ResourceContext) => iamOf(aws, account).roles;

/** A policy of its own that roles can have. Its versions are not built in the embedded IAM: an update changes the one. */
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
    const { policies } = iamOf(context.aws, context.account);
    const policy = policies.get(physicalId);
    if (!policy) throw new AwsError("NoSuchEntity", `Policy ${physicalId} does not exist.`, { status: 404 });
    const text = document(properties.PolicyDocument);
    assertIdentityPolicy(text);
    policies.set(physicalId, { ...policy, document: text });
    const roles = list(properties.Roles);
    for (const RoleName of roles) await context.call("iam", "AttachRolePolicy", { RoleName, PolicyArn: physicalId });
    for (const name of list(before.Roles))
      if (!roles.includes(name)) rolesOf(context).get(name)?.attached.delete(physicalId);
    return { physicalId, attributes };
  },
  /** DetachRolePolicy and DeletePolicy are not built in the embedded IAM: done on its state. */
  async delete({ physicalId, properties }, context) {
    for (const name of list(properties.Roles)) rolesOf(context).get(name)?.attached.delete(physicalId);
    if ([...rolesOf(context).values()].some(({ attached }) => attached.has(physicalId))) {
      throw new AwsError("DeleteConflict", "Cannot delete a policy attached to entities.", { status: 409 });
    }
    iamOf(context.aws, context.account).policies.delete(physicalId);
  },
};

/** A policy inside the roles that it names. */
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
    take(
      list(existing.properties.Roles).filter((role) => !list(properties.Roles).includes(role)),
      existing.properties,
      context,
    );
    return existing;
  },
  async delete({ properties }, context) {
    take(list(properties.Roles), properties, context);
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

/** DeleteRolePolicy is not built in the embedded IAM: done on its state. */
function take(
  roles: readonly string[],
  { PolicyName }: Parameters<ResourceHandler["create"]>[0],
  context: ResourceContext,
): void {
  for (const role of roles) rolesOf(context).get(role)?.inline.delete(String(PolicyName));
}
