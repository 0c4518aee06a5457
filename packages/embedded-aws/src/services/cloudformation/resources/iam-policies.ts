import type { CreatePolicyCommandOutput } from "@aws-sdk/client-iam";
import { AwsError } from "../../../engine/aws-error.ts";
import { assertIdentityPolicy } from "../../iam/policies.ts";
import { iamOf } from "../../iam/state.ts";
import { differs, document, list, pick, type ResourceContext, type ResourceHandler, text } from "./handler.ts";

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
