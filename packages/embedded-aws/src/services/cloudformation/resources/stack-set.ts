import type { DescribeStackSetOperationCommandOutput } from "@aws-sdk/client-cloudformation";
import { AwsError } from "../../../engine/operation.ts";
import type { Json } from "../template/template.ts";
import { differs, type Existing, list, pick, type ResourceContext, type ResourceHandler } from "./handler.ts";

interface InstancesGroup {
  readonly DeploymentTargets: Json;
  readonly Regions: readonly string[];
  readonly ParameterOverrides?: readonly Json[];
}

/** How often CloudFormation polls an operation of the stack set. */
const POLL_MS = 10_000;

const SETTINGS = ["AutoDeployment", "CallAs", "Capabilities", "Description", "Parameters", "Tags", "TemplateBody"];

/** Waits for an operation's end. @throws AwsError GeneralServiceException if it did not succeed */
async function finish(OperationId: string | undefined, of: Json, { aws, call }: ResourceContext): Promise<void> {
  for (;;) {
    const asked = { ...of, OperationId };
    const { StackSetOperation: operation } = await call<DescribeStackSetOperationCommandOutput>(
      "cloudformation",
      "DescribeStackSetOperation",
      asked,
    );
    if (operation?.Status === "SUCCEEDED") return;
    if (operation?.Status === "FAILED" || operation?.Status === "STOPPED") {
      throw new AwsError("GeneralServiceException", `Operation ${OperationId} of the stack set: ${operation.Status}`);
    }
    await aws.clock.sleep(POLL_MS);
  }
}

const nameOf = (existing: Pick<Existing, "physicalId" | "properties">): Json => ({
  StackSetName: existing.physicalId,
  ...pick(existing.properties, ["CallAs"]),
});

/** Groups of `of` that are not in `other` unchanged. */
const missing = (of: Json, other: Json): InstancesGroup[] => {
  const known = new Set(list<InstancesGroup>(other.StackInstancesGroup).map((one) => JSON.stringify(one)));
  return list<InstancesGroup>(of.StackInstancesGroup).filter((one) => !known.has(JSON.stringify(one)));
};

async function createInstances(group: InstancesGroup, of: Json, properties: Json, context: ResourceContext) {
  const { OperationId } = await context.call<{ OperationId?: string }>("cloudformation", "CreateStackInstances", {
    ...of,
    ...group,
    ...pick(properties, ["OperationPreferences"]),
  });
  await finish(OperationId, of, context);
}

async function deleteInstances(
  { DeploymentTargets, Regions }: InstancesGroup,
  of: Json,
  properties: Json,
  context: ResourceContext,
) {
  const { OperationId } = await context.call<{ OperationId?: string }>("cloudformation", "DeleteStackInstances", {
    ...of,
    DeploymentTargets,
    Regions,
    RetainStacks: false,
    ...pick(properties, ["OperationPreferences"]),
  });
  await finish(OperationId, of, context);
}

/** A stack set with its instances: the resource is complete when they are. */
export const cloudformationStackSet: ResourceHandler = {
  required: ["PermissionModel", "StackSetName"],
  optional: [...SETTINGS, "ManagedExecution", "OperationPreferences", "StackInstancesGroup", "TemplateURL"],
  async create(properties, context) {
    const { StackSetId = "" } = await context.call<{ StackSetId?: string }>("cloudformation", "CreateStackSet", {
      ...pick(properties, ["PermissionModel", "StackSetName", "ManagedExecution", "TemplateURL", ...SETTINGS]),
    });
    const of = nameOf({ physicalId: StackSetId, properties });
    for (const group of list<InstancesGroup>(properties.StackInstancesGroup)) {
      await createInstances(group, of, properties, context);
    }
    return { physicalId: StackSetId, attributes: { StackSetId } };
  },
  async update(properties, existing, context) {
    if (differs(properties, existing.properties, ["PermissionModel", "StackSetName", "CallAs"])) return undefined;
    const of = nameOf(existing);
    if (differs(properties, existing.properties, SETTINGS)) {
      const { OperationId } = await context.call<{ OperationId?: string }>("cloudformation", "UpdateStackSet", {
        ...pick(properties, [...SETTINGS, "PermissionModel", "OperationPreferences"]),
        ...of,
      });
      await finish(OperationId, of, context);
    }
    for (const group of missing(existing.properties, properties)) await deleteInstances(group, of, properties, context);
    for (const group of missing(properties, existing.properties)) await createInstances(group, of, properties, context);
    return { physicalId: existing.physicalId, attributes: existing.attributes };
  },
  async delete(existing, context) {
    const of = nameOf(existing);
    for (const group of list<InstancesGroup>(existing.properties.StackInstancesGroup)) {
      await deleteInstances(group, of, existing.properties, context);
    }
    await context.call("cloudformation", "DeleteStackSet", of);
  },
};
