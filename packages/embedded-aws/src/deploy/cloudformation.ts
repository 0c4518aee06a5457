import type {
  AccountFilterType,
  CallAs,
  Capability,
  CreateStackInstancesCommandInput,
  CreateStackInstancesCommandOutput,
  CreateStackSetCommandInput,
  CreateStackSetCommandOutput,
  PermissionModels,
  RegionConcurrencyType,
} from "@aws-sdk/client-cloudformation";
import { type Creator, tagList } from "./creator.ts";
import type { Inputs } from "./inputs.ts";

export const createStackSet: Creator = async (inputs, site) => {
  const StackSetName = inputs.text("name");
  const automatic = inputs.object("autoDeployment");
  const managed = inputs.object("managedExecution");
  const { StackSetId = "" } = await site.call<CreateStackSetCommandOutput>("cloudformation", "CreateStackSet", {
    StackSetName,
    Description: inputs.maybeText("description"),
    PermissionModel: inputs.maybeText<PermissionModels>("permissionModel"),
    CallAs: inputs.maybeText<CallAs>("callAs"),
    Capabilities: inputs.texts<Capability>("capabilities"),
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
  } satisfies CreateStackSetCommandInput);
  const id = StackSetId.slice(StackSetId.indexOf(":") + 1);
  return { id: StackSetName, name: StackSetName, stackSetId: id };
};

/** Stacks in accounts come as time passes: the deployment does not wait for them, which the provider would. */
export const createStackSetInstance: Creator = async (inputs, site) => {
  const StackSetName = inputs.text("stackSetName");
  const region = inputs.maybeText("stackSetInstanceRegion") ?? site.region;
  const targets = inputs.object("deploymentTargets");
  const input = {
    StackSetName,
    CallAs: inputs.maybeText<CallAs>("callAs"),
    Regions: [region],
    DeploymentTargets: targets && {
      OrganizationalUnitIds: targets.texts("organizationalUnitIds"),
      Accounts: targets.texts("accounts"),
      AccountFilterType: targets.maybeText<AccountFilterType>("accountFilterType"),
    },
    OperationPreferences: preferences(inputs.object("operationPreferences")),
  } satisfies CreateStackInstancesCommandInput;
  inputs.drop("says what becomes of stacks when the instances go", "retainStack");
  await site.call<CreateStackInstancesCommandOutput>("cloudformation", "CreateStackInstances", input);
  const units = input.DeploymentTargets?.OrganizationalUnitIds ?? [];
  return { id: `${StackSetName},${units.join("/")},${region}` };
};

const preferences = (given: Inputs | undefined): CreateStackInstancesCommandInput["OperationPreferences"] =>
  given && {
    FailureToleranceCount: given.number("failureToleranceCount"),
    FailureTolerancePercentage: given.number("failureTolerancePercentage"),
    MaxConcurrentCount: given.number("maxConcurrentCount"),
    MaxConcurrentPercentage: given.number("maxConcurrentPercentage"),
    RegionConcurrencyType: given.maybeText<RegionConcurrencyType>("regionConcurrencyType"),
    RegionOrder: given.texts("regionOrders"),
  };
