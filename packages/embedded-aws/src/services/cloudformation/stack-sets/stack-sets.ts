import type * as Sdk from "@aws-sdk/client-cloudformation";
import { AwsError, type Operations } from "../../../engine/operation.ts";
import { notBuilt, validationError } from "../refusals.ts";
import { parameterValues } from "../template/parameters.ts";
import { parseTemplate, requireCapabilities, requireKnownTypes, templateText } from "../template/parse-template.ts";
import { followOrganizations } from "./follow-organization.ts";
import { administered, authorizeStackSet } from "./organizations-access.ts";
import { startRequested } from "./run-operation.ts";
import { findStackSet, isOver, requireStackSet, type StackSet, stackSetsOf } from "./state.ts";
import { accountFilter, deploymentTargets, requireUnits } from "./targets.ts";

function requireServiceManaged({
  PermissionModel,
  AdministrationRoleARN,
  ExecutionRoleName,
  AutoDeployment,
}: Sdk.UpdateStackSetCommandInput) {
  if (PermissionModel !== "SERVICE_MANAGED")
    throw notBuilt(`a stack set with permission model ${PermissionModel ?? "SELF_MANAGED"}`);
  if (AdministrationRoleARN || ExecutionRoleName) {
    throw validationError(
      "AdministrationRoleARN and ExecutionRoleName cannot be given for a SERVICE_MANAGED stack set",
    );
  }
  if (AutoDeployment?.DependsOn?.length) throw notBuilt("AutoDeployment with DependsOn");
  if (AutoDeployment?.RetainStacksOnAccountRemoval !== undefined && !AutoDeployment.Enabled) {
    throw validationError("RetainStacksOnAccountRemoval can only be specified when automatic deployment is enabled");
  }
}

const autoDeploymentOf = ({ AutoDeployment }: Sdk.UpdateStackSetCommandInput): StackSet["autoDeployment"] => ({
  enabled: AutoDeployment?.Enabled ?? false,
  retain: AutoDeployment?.RetainStacksOnAccountRemoval ?? false,
});

/** Checks that a template is valid with the given parameters. */
function requireTemplate(text: string, { Parameters = [], Capabilities }: Sdk.UpdateStackSetCommandInput): void {
  const template = parseTemplate(text);
  requireKnownTypes(template);
  parameterValues(template, Parameters);
  requireCapabilities(template, Capabilities);
}

const summaryOf = (set: StackSet): Sdk.StackSetSummary => ({
  StackSetName: set.name,
  StackSetId: set.id,
  ...(set.description && { Description: set.description }),
  Status: set.status,
  PermissionModel: "SERVICE_MANAGED",
  AutoDeployment: {
    Enabled: set.autoDeployment.enabled,
    ...(set.autoDeployment.enabled && { RetainStacksOnAccountRemoval: set.autoDeployment.retain }),
  },
  ManagedExecution: { Active: set.managedExecution },
});

export const operations = {
  CreateStackSet: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { aws, region } = call;
      requireServiceManaged(input);
      if (input.StackId !== undefined) throw notBuilt("CreateStackSet with StackId");
      const { managementAccount: owner } = administered(call, input.CallAs);
      const name = input.StackSetName ?? "";
      if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
        throw validationError(
          `The stack set name ${name} must begin with a letter, and have letters, digits and hyphens`,
        );
      }
      if (findStackSet(aws, owner, region, name)) {
        throw new AwsError("NameAlreadyExistsException", `The StackSet with name ${name} already exists`);
      }
      const text = templateText(input);
      requireTemplate(text, input);
      const id = `${name}:${aws.uuid()}`;
      const set: StackSet = {
        id,
        name,
        arn: `arn:${aws.partition}:cloudformation:${region}:${owner}:stackset/${id}`,
        owner,
        region,
        text,
        description: input.Description,
        parameters: input.Parameters ?? [],
        tags: input.Tags ?? [],
        capabilities: input.Capabilities ?? [],
        autoDeployment: autoDeploymentOf(input),
        managedExecution: input.ManagedExecution?.Active ?? false,
        status: "ACTIVE",
        targets: new Map(),
        instances: new Map(),
        operations: new Map(),
        queue: Promise.resolve(),
      };
      stackSetsOf(aws, owner, region).set(id, set);
      followOrganizations(aws);
      return { StackSetId: id };
    },
  },
  /** Updates a set, and then its instances: all, or those of some OUs or regions. The others become outdated. */
  UpdateStackSet: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { aws, region } = call;
      requireServiceManaged({ ...input, PermissionModel: input.PermissionModel ?? "SERVICE_MANAGED" });
      const organization = administered(call, input.CallAs);
      const set = requireStackSet(aws, organization.managementAccount, region, input.StackSetName);
      if (input.Accounts?.length)
        throw validationError("Accounts cannot be given for a SERVICE_MANAGED stack set: use DeploymentTargets");
      const text = input.UsePreviousTemplate ? set.text : templateText(input);
      const parameters = (input.Parameters ?? []).map((one) =>
        one.UsePreviousValue
          ? (set.parameters.find(({ ParameterKey }) => ParameterKey === one.ParameterKey) ?? one)
          : one,
      );
      requireTemplate(text, { ...input, Parameters: parameters });
      const meant =
        input.DeploymentTargets &&
        new Set(
          deploymentTargets(
            organization,
            requireUnits(organization, input.DeploymentTargets),
            accountFilter(input.DeploymentTargets, false),
          ).map(({ account }) => account),
        );
      const results = [...set.instances.values()].filter(
        (one) => (!meant || meant.has(one.account)) && (!input.Regions?.length || input.Regions.includes(one.region)),
      );
      const started = startRequested(aws, set, input, { action: "UPDATE", results });
      for (const one of set.instances.values()) one.status = "OUTDATED";
      for (const one of results) one.detailed = "PENDING";
      set.text = text;
      set.parameters = parameters;
      set.description = input.Description ?? set.description;
      set.tags = input.Tags ?? set.tags;
      set.capabilities = input.Capabilities ?? set.capabilities;
      if (input.AutoDeployment) set.autoDeployment = autoDeploymentOf(input);
      set.managedExecution = input.ManagedExecution?.Active ?? set.managedExecution;
      return { OperationId: started.id };
    },
  },
  DescribeStackSet: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run({ StackSetName, CallAs }, call) {
      const { managementAccount: owner } = administered(call, CallAs);
      const set = requireStackSet(call.aws, owner, call.region, StackSetName);
      return {
        StackSet: {
          ...summaryOf(set),
          TemplateBody: set.text,
          Parameters: [...set.parameters],
          Capabilities: [...set.capabilities] as Sdk.Capability[],
          Tags: [...set.tags],
          StackSetARN: set.arn,
          OrganizationalUnitIds: [...set.targets.keys()],
          Regions: [...new Set([...set.instances.values()].map(({ region }) => region))],
        },
      };
    },
  },
  ListStackSets: {
    list: "Summaries",
    run({ Status, CallAs }, call) {
      const { managementAccount: owner } = administered(call, CallAs);
      const found = [...stackSetsOf(call.aws, owner, call.region).values()].filter(
        ({ status }) => Status === undefined || status === Status,
      );
      return { Summaries: found.map(summaryOf) };
    },
  },
  /** Deletes an empty set; deleting a set that does not exist does nothing. */
  DeleteStackSet: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run({ StackSetName = "", CallAs }, call) {
      const { managementAccount: owner } = administered(call, CallAs);
      const set = findStackSet(call.aws, owner, call.region, StackSetName);
      if (!set || set.status === "DELETED") return;
      const underWay = [...set.operations.values()].find((one) => !isOver(one));
      if (underWay) {
        const message = `Another Operation on StackSet ${set.arn} is in progress: ${underWay.id}`;
        throw new AwsError("OperationInProgressException", message);
      }
      if (set.instances.size > 0) {
        throw new AwsError("StackSetNotEmptyException", "StackSet is not empty");
      }
      set.status = "DELETED";
    },
  },
} satisfies Operations<typeof Sdk>;
