import type * as Sdk from "@aws-sdk/client-cloudformation";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import type { Organization } from "../../organizations/state.ts";
import { notBuilt, validationError } from "../refusals.ts";
import { parameterValues } from "../template/parameters.ts";
import { parseTemplate } from "../template/parse-template.ts";
import { addInstance } from "./follow-organization.ts";
import { administered, authorizeStackSet } from "./organizations-access.ts";
import { startRequested } from "./run-operation.ts";
import { instanceKey, requireStackSet, type StackInstance, type StackSet } from "./state.ts";
import { accountFilter, accountsBelow, deploymentTargets, requireUnits } from "./targets.ts";

/** The set, the organization and the OUs that a request names. @throws AwsError ValidationError */
function requested(input: Sdk.CreateStackInstancesInput, call: Call) {
  const organization = administered(call, input.CallAs);
  const set = requireStackSet(call.aws, organization.managementAccount, call.region, input.StackSetName);
  const { Accounts, Regions = [] } = input;
  if (Accounts?.length)
    throw validationError("Accounts cannot be given for a SERVICE_MANAGED stack set: use DeploymentTargets");
  const wrong = Regions.find((region) => !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region));
  if (wrong !== undefined || Regions.length === 0)
    throw validationError(`Regions must name regions, not ${wrong ?? "none"}`);
  return { set, organization, units: requireUnits(organization, input.DeploymentTargets) };
}

/**
 * Records an OU as a target. Which accounts automatic deployment covers if the request named accounts with the OU is
 * not documented: here it follows the filter.
 */
function aim(
  set: StackSet,
  organization: Organization,
  unit: string,
  regions: readonly string[],
  means: (account: string) => boolean,
): void {
  const there = set.targets.get(unit);
  const both = there ? (account: string) => there.means(account) || means(account) : means;
  set.targets.set(unit, {
    regions: new Set([...(there?.regions ?? []), ...regions]),
    means: both,
    seen: new Set(accountsBelow(organization, unit).filter(both)),
  });
}

function forgetRegions({ targets }: StackSet, unit: string, regions: ReadonlySet<string>): void {
  const target = targets.get(unit);
  for (const region of regions) target?.regions.delete(region);
  if (target?.regions.size === 0) targets.delete(unit);
}

export const operations = {
  /** Creates stacks in the OUs' accounts; accounts that join later get theirs by automatic deployment. */
  CreateStackInstances: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { set, organization, units } = requested(input, call);
      const means = accountFilter(input.DeploymentTargets, true);
      const regions = [...new Set(input.Regions)];
      const targets = deploymentTargets(organization, units, means);
      const results = regions.flatMap((where) => targets.map((target) => ({ ...target, region: where })));
      const started = startRequested(call.aws, set, input, { action: "CREATE", results });
      for (const one of results) addInstance(set, one, started.id, input.ParameterOverrides);
      for (const ou of units) aim(set, organization, ou, regions, means);
      return { OperationId: started.id };
    },
  },
  /**
   * Updates instances, with other overrides if the request names some (API reference: parameters omitted in
   * `ParameterOverrides` return to the set's value; without that member the overrides stay).
   */
  UpdateStackInstances: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { set, organization, units } = requested(input, call);
      const accounts = deploymentTargets(organization, units, accountFilter(input.DeploymentTargets, false));
      const meant = [...new Set(input.Regions)].flatMap((where) => instancesAmong(set, accounts, where));
      const template = parseTemplate(set.text);
      const changes = meant.map((instance) => ({ instance, overrides: changedOverrides(instance, input) }));
      for (const { overrides } of changes) parameterValues(template, [...overrides, ...set.parameters]);
      const started = startRequested(call.aws, set, input, { action: "UPDATE", results: meant });
      for (const { instance, overrides } of changes) {
        Object.assign(instance, {
          overrides,
          status: "OUTDATED",
          detailed: "PENDING",
        } satisfies Partial<StackInstance>);
      }
      return { OperationId: started.id };
    },
  },
  /** Deletes stacks, or only detaches them if they are retained. */
  DeleteStackInstances: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { set, organization, units } = requested(input, call);
      const means = accountFilter(input.DeploymentTargets, false);
      const regions = new Set(input.Regions);
      // An account that left the OU still has the OU's stacks.
      const meant = new Set(deploymentTargets(organization, units, means).map(({ account }) => account));
      const leaving = [...set.instances.values()].filter(
        (one) =>
          regions.has(one.region) && (meant.has(one.account) || (units.includes(one.unit) && means(one.account))),
      );
      const started = startRequested(call.aws, set, input, { action: "DELETE", results: leaving });
      for (const one of leaving) one.detailed = "PENDING";
      if (!input.DeploymentTargets?.Accounts?.length) for (const ou of units) forgetRegions(set, ou, regions);
      return { OperationId: started.id };
    },
  },
  DescribeStackInstance: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run({ StackSetName, StackInstanceAccount = "", StackInstanceRegion = "", CallAs }, call) {
      const { managementAccount: owner } = administered(call, CallAs);
      const set = requireStackSet(call.aws, owner, call.region, StackSetName);
      const found = requireInstance(set, StackInstanceAccount, StackInstanceRegion);
      return { StackInstance: { ...toInstance(set, found), ParameterOverrides: [...found.overrides] } };
    },
  },
  ListStackInstances: {
    list: "Summaries",
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { managementAccount: owner } = administered(call, input.CallAs);
      const set = requireStackSet(call.aws, owner, call.region, input.StackSetName);
      const found = [...set.instances.values()].filter(
        (one) =>
          (input.StackInstanceAccount === undefined || one.account === input.StackInstanceAccount) &&
          (input.StackInstanceRegion === undefined || one.region === input.StackInstanceRegion) &&
          (input.Filters ?? []).every(({ Name, Values }) => {
            if (Name === "DETAILED_STATUS") return one.detailed === Values;
            if (Name === "LAST_OPERATION_ID") return one.lastOperation === Values;
            throw notBuilt(`ListStackInstances with the filter ${Name}`);
          }),
      );
      return { Summaries: found.map((one) => toInstance(set, one)) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** @throws AwsError StackInstanceNotFoundException if none of the accounts has a stack */
function instancesAmong(set: StackSet, accounts: readonly { account: string }[], region: string): StackInstance[] {
  const found = accounts.flatMap(({ account }) => set.instances.get(instanceKey(account, region)) ?? []);
  return found.length > 0 ? found : [requireInstance(set, accounts[0]?.account ?? "", region)];
}

function changedOverrides(
  { overrides }: StackInstance,
  { ParameterOverrides: asked }: Sdk.UpdateStackInstancesCommandInput,
) {
  if (!asked) return overrides;
  const before = (key: string | undefined) => overrides.filter(({ ParameterKey }) => ParameterKey === key);
  return asked.flatMap((one) => (one.UsePreviousValue ? before(one.ParameterKey) : [one]));
}

/** @throws AwsError StackInstanceNotFoundException */
function requireInstance(set: StackSet, account: string, region: string): StackInstance {
  const found = set.instances.get(instanceKey(account, region));
  if (found) return found;
  throw new AwsError("StackInstanceNotFoundException", `Stack instance ${set.id}:${account}:${region} not found`);
}

const toInstance = (set: StackSet, one: StackInstance): Sdk.StackInstanceSummary => ({
  StackSetId: set.id,
  Account: one.account,
  Region: one.region,
  ...(one.stackId && { StackId: one.stackId }),
  Status: one.status,
  StackInstanceStatus: { DetailedStatus: one.detailed },
  ...(one.reason && { StatusReason: one.reason }),
  OrganizationalUnitId: one.unit,
  DriftStatus: "NOT_CHECKED",
  LastOperationId: one.lastOperation,
});
