import type * as Sdk from "@aws-sdk/client-cloudformation";
import type { Inputs } from "./inputs.ts";
import { type ResourceType, type Site, tagList } from "./resource-type.ts";

function toStackSet(inputs: Inputs) {
  const automatic = inputs.object("autoDeployment");
  const managed = inputs.object("managedExecution");
  return {
    StackSetName: inputs.text("name"),
    Description: inputs.maybeText("description"),
    PermissionModel: inputs.maybeText<Sdk.PermissionModels>("permissionModel"),
    CallAs: inputs.maybeText<Sdk.CallAs>("callAs"),
    Capabilities: inputs.texts<Sdk.Capability>("capabilities"),
    AutoDeployment: automatic && {
      Enabled: automatic.flag("enabled"),
      RetainStacksOnAccountRemoval: automatic.flag("retainStacksOnAccountRemoval"),
    },
    ManagedExecution: managed && { Active: managed.flag("active") },
    Parameters: Object.entries(inputs.textMap("parameters") ?? {}).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    TemplateBody: inputs.json("templateBody"),
    Tags: tagList(inputs),
  };
}

/** Stack instances follow later: the deployment does not wait for them, although the provider would. */
export const stackSet: ResourceType = {
  async create(inputs, site) {
    const input = toStackSet(inputs) satisfies Sdk.CreateStackSetCommandInput;
    const { StackSetId = "" } = await site.call<Sdk.CreateStackSetCommandOutput>(
      "cloudformation",
      "CreateStackSet",
      input,
    );
    const id = StackSetId.slice(StackSetId.indexOf(":") + 1);
    return { id: input.StackSetName, name: input.StackSetName, stackSetId: id };
  },
  async update(inputs, site, before) {
    const input = toStackSet(inputs) satisfies Sdk.UpdateStackSetCommandInput;
    await site.call("cloudformation", "UpdateStackSet", input);
    return before.attributes;
  },
  delete({ inputs }, site) {
    const { StackSetName, CallAs } = toStackSet(inputs);
    return site.call("cloudformation", "DeleteStackSet", { StackSetName, CallAs });
  },
  replacedBy: ["name", "permissionModel", "callAs"],
};

/**
 * Stacks in accounts are created and deleted later: the deployment does not wait for them, although the provider would.
 */
export const stackSetInstance: ResourceType = {
  async create(inputs, site) {
    const { RetainStacks: _retain, ...input } = toInstances(inputs, site);
    await site.call("cloudformation", "CreateStackInstances", input satisfies Sdk.CreateStackInstancesCommandInput);
    const units = input.DeploymentTargets?.OrganizationalUnitIds ?? [];
    return { id: `${input.StackSetName},${units.join("/")},${input.Regions.join("/")}` };
  },
  async update(inputs, site, before) {
    const { RetainStacks: _retain, ...input } = toInstances(inputs, site);
    await site.call("cloudformation", "UpdateStackInstances", input satisfies Sdk.UpdateStackInstancesCommandInput);
    return before.attributes;
  },
  delete: ({ inputs }, site) =>
    site.call(
      "cloudformation",
      "DeleteStackInstances",
      toInstances(inputs, site) satisfies Sdk.DeleteStackInstancesCommandInput,
    ),
  replacedBy: ["stackSetName", "stackSetInstanceRegion", "deploymentTargets", "callAs"],
};

function toInstances(inputs: Inputs, site: Site) {
  const targets = inputs.object("deploymentTargets");
  return {
    StackSetName: inputs.text("stackSetName"),
    CallAs: inputs.maybeText<Sdk.CallAs>("callAs"),
    Regions: [inputs.maybeText("stackSetInstanceRegion") ?? site.region],
    DeploymentTargets: targets && {
      OrganizationalUnitIds: targets.texts("organizationalUnitIds"),
      Accounts: targets.texts("accounts"),
      AccountFilterType: targets.maybeText<Sdk.AccountFilterType>("accountFilterType"),
    },
    OperationPreferences: preferences(inputs.object("operationPreferences")),
    RetainStacks: inputs.flag("retainStack") ?? false,
  };
}

const preferences = (given: Inputs | undefined): Sdk.CreateStackInstancesCommandInput["OperationPreferences"] =>
  given && {
    FailureToleranceCount: given.number("failureToleranceCount"),
    FailureTolerancePercentage: given.number("failureTolerancePercentage"),
    MaxConcurrentCount: given.number("maxConcurrentCount"),
    MaxConcurrentPercentage: given.number("maxConcurrentPercentage"),
    RegionConcurrencyType: given.maybeText<Sdk.RegionConcurrencyType>("regionConcurrencyType"),
    RegionOrder: given.texts("regionOrders"),
  };
