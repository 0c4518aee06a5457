import type * as Sdk from "@aws-sdk/client-auto-scaling";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { configurationOf } from "./configuration.ts";
import { authorizeTemplateUse, COMMON, placesOf, requireMaintenance, requireSizes } from "./group-input.ts";
import { toDescription } from "./group-tags.ts";
import { reading } from "./readings.ts";
import { activeRefresh, endRefresh } from "./refresh/refresh.ts";
import { scaleSoon } from "./scale.ts";
import { autoScalingPrincipal } from "./service-linked-role.ts";
import { arnOf, authorizeGroup, autoScalingState, type Group, groupsOf, invalid, requireGroup } from "./state.ts";

/** The request members that are built. */
const BUILT = {
  CreateAutoScalingGroup: new Set<string>([...COMMON, "Tags", "ServiceLinkedRoleARN"]),
  UpdateAutoScalingGroup: new Set<string>(COMMON),
} as const;

/** Refuses any other member by its name. */
function requireBuilt(operation: keyof typeof BUILT, input: object): void {
  const other = Object.entries(input).find(
    ([name, value]) =>
      value !== undefined && value !== false && !BUILT[operation].has(name) && !(Array.isArray(value) && !value.length),
  );
  if (other) {
    throw new AwsError("NotImplemented", `autoscaling:${operation} is not built for ${other[0]}`, { status: 400 });
  }
}

/** Custom suffixes need IAM's CreateServiceLinkedRole, which groups here do not support. */
function requireOwnRole(
  { ServiceLinkedRoleARN: asked }: Sdk.CreateAutoScalingGroupCommandInput,
  session: string,
): void {
  const name = asked?.slice(asked.lastIndexOf("/") + 1);
  if (name === undefined || session.includes(`/${name}/`)) return;
  throw new AwsError(
    "NotImplemented",
    `autoscaling:CreateAutoScalingGroup is not built for ServiceLinkedRoleARN ${asked}`,
  );
}

/** inferred: a scale-out during a refresh launches the desired configuration; the other reading: the group's own. */
function noteScaleOut(aws: EmbeddedAws, group: Group, desired: number): void {
  const refresh = activeRefresh(group);
  if (!refresh || reading(aws, "scaleOutDuringRefresh") !== "own") return;
  refresh.ownLaunches += Math.max(0, desired - group.desired);
}

/** API reference: -1 removes the warm-up. */
const warmupOf = (
  { DefaultInstanceWarmup: asked }: { DefaultInstanceWarmup?: number | undefined },
  before: number | undefined,
) => (asked === undefined ? before : asked < 0 ? undefined : asked);

const inProgress = (message: string): AwsError => new AwsError("ScalingActivityInProgressFault", message);

export const operations = {
  CreateAutoScalingGroup: {
    authorize: (input, call) => [
      {
        resources: [arnOf(call, input.AutoScalingGroupName)],
        context: requestTagContext((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      },
      ...authorizeTemplateUse(call, input),
    ],
    run(input, call) {
      requireBuilt("CreateAutoScalingGroup", input);
      const { aws, account, region } = call;
      const name = input.AutoScalingGroupName ?? "";
      if (name.includes(":")) throw invalid(`Invalid Auto Scaling group name '${name}': it cannot contain a colon`);
      if (groupsOf(call).has(name)) {
        throw new AwsError(
          "AlreadyExistsFault",
          `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
        );
      }
      requireOwnRole(input, autoScalingPrincipal(aws, account).arn);
      const min = input.MinSize ?? 0;
      const sizes = { min, max: input.MaxSize ?? 0, desired: input.DesiredCapacity ?? min };
      requireSizes(sizes);
      const configuration = configurationOf(call, input);
      if (!configuration) {
        throw invalid(
          "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
        );
      }
      const group: Group = {
        name,
        arn: arnOf(call, name, aws.uuid()),
        account,
        region,
        createdAt: aws.clock.now(),
        configuration,
        ...sizes,
        cooldown: input.DefaultCooldown ?? 300,
        healthCheckType: input.HealthCheckType ?? "EC2",
        gracePeriod: input.HealthCheckGracePeriod ?? 0,
        defaultWarmup: warmupOf(input, undefined),
        maintenance: requireMaintenance(input.InstanceMaintenancePolicy),
        suspended: new Map(),
        refreshes: [],
        terminationPolicies: input.TerminationPolicies ?? ["Default"],
        protectNew: input.NewInstancesProtectedFromScaleIn ?? false,
        ...placesOf(call, input),
        tags: (input.Tags ?? []).map((tag) => toDescription({ name }, tag)),
        members: new Map(),
        failures: 0,
        next: undefined,
        nextAt: 0,
        deleting: false,
      };
      groupsOf(call).set(name, group);
      if (group.desired > 0) {
        scaleSoon(
          aws,
          group,
          `a user request created an AutoScalingGroup changing the desired capacity from 0 to ${group.desired}.`,
        );
      }
    },
  },
  UpdateAutoScalingGroup: {
    authorize: (input, call) => [
      ...authorizeGroup(call, input.AutoScalingGroupName),
      ...authorizeTemplateUse(call, input),
    ],
    run(input, call) {
      requireBuilt("UpdateAutoScalingGroup", input);
      const group = requireGroup(call, input.AutoScalingGroupName);
      if (group.deleting) throw inProgress(`AutoScalingGroup ${group.name} is being deleted`);
      const min = input.MinSize ?? group.min;
      const max = input.MaxSize ?? group.max;
      // UpdateAutoScalingGroup, API reference: an omitted capacity is adjusted to the new bounds.
      const desired = input.DesiredCapacity ?? Math.min(Math.max(group.desired, min), max);
      requireSizes({ min, max, desired });
      const places = input.VPCZoneIdentifier || input.AvailabilityZones ? placesOf(call, input) : {};
      const refresh = activeRefresh(group);
      if (refresh?.desired && (input.LaunchTemplate || input.MixedInstancesPolicy)) {
        // inferred: from users' reports, not from AWS's documentation.
        throw invalid(
          "An active instance refresh with a desired configuration exists. All configuration options derived from the desired configuration are not available for update while the instance refresh is active.",
        );
      }
      const configuration = configurationOf(call, input) ?? group.configuration;
      const before = group.desired;
      noteScaleOut(call.aws, group, desired);
      Object.assign(group, {
        min,
        max,
        desired,
        ...places,
        configuration,
        defaultWarmup: warmupOf(input, group.defaultWarmup),
        maintenance: requireMaintenance(input.InstanceMaintenancePolicy, group.maintenance),
        cooldown: input.DefaultCooldown ?? group.cooldown,
        healthCheckType: input.HealthCheckType ?? group.healthCheckType,
        gracePeriod: input.HealthCheckGracePeriod ?? group.gracePeriod,
        terminationPolicies: input.TerminationPolicies ?? group.terminationPolicies,
        protectNew: input.NewInstancesProtectedFromScaleIn ?? group.protectNew,
      });
      scaleSoon(
        call.aws,
        group,
        `a user request update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired} changing the desired capacity from ${before} to ${desired}.`,
      );
    },
  },
  SetDesiredCapacity: {
    authorize: (input, call) => authorizeGroup(call, input.AutoScalingGroupName),
    run({ AutoScalingGroupName, DesiredCapacity: desired = 0 }, call) {
      const group = requireGroup(call, AutoScalingGroupName);
      if (group.deleting) throw inProgress(`AutoScalingGroup ${group.name} is being deleted`);
      requireSizes({ min: group.min, max: group.max, desired });
      noteScaleOut(call.aws, group, desired);
      const before = group.desired;
      group.desired = desired;
      const why = `a user request explicitly set group desired capacity changing the desired capacity from ${before} to ${desired}`;
      scaleSoon(call.aws, group, `${why}.`);
    },
  },
  /** With `ForceDelete` its instances are terminated first. */
  DeleteAutoScalingGroup: {
    authorize: (input, call) => authorizeGroup(call, input.AutoScalingGroupName),
    run(input, call) {
      const group = requireGroup(call, input.AutoScalingGroupName);
      const { activities } = call.aws.state(autoScalingState, call.account, call.region);
      if (!input.ForceDelete) {
        if (group.members.size > 0) {
          throw new AwsError(
            "ResourceInUseFault",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.",
          );
        }
        if (activities.some(({ groupArn, status }) => groupArn === group.arn && status === "InProgress")) {
          throw inProgress("You cannot delete an AutoScalingGroup while there are scaling activities in progress.");
        }
      }
      group.next?.();
      const refresh = activeRefresh(group);
      if (refresh) endRefresh(call.aws, group, refresh, "Cancelled", "The group is being deleted.");
      if (group.members.size === 0) {
        groupsOf(call).delete(group.name);
        return;
      }
      Object.assign(group, { deleting: true, min: 0, desired: 0 });
      scaleSoon(call.aws, group, "a user request force deleted AutoScalingGroup changing the desired capacity to 0.");
    },
  },
} satisfies Operations<typeof Sdk>;
