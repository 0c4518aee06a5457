import type * as Sdk from "@aws-sdk/client-auto-scaling";
import type { Activity as ActivityOutput, AutoScalingGroup, Filter } from "@aws-sdk/client-auto-scaling";
import type { Operations } from "../../engine/operation.ts";
import { toConfiguration, toTemplate } from "./configuration.ts";
import { type Activity, autoScalingState, type Group, groupsOf, invalid, type Member } from "./state.ts";

/** API reference, DescribeScalingActivities, IncludeDeletedGroups: deleted groups' activities are kept six weeks. */
const KEPT_MS = 42 * 86_400_000;

/** A filter matches if any of its values does. */
function passes({ tags }: Group, filters: readonly Filter[] | undefined): boolean {
  return (filters ?? []).every(({ Name = "", Values = [] }) => {
    if (Name === "tag-key") return tags.some(({ Key = "" }) => Values.includes(Key));
    if (Name === "tag-value") return tags.some(({ Value = "" }) => Values.includes(Value));
    if (Name.startsWith("tag:")) {
      return tags.some(({ Key, Value = "" }) => Key === Name.slice("tag:".length) && Values.includes(Value));
    }
    throw invalid(`Filter name ${Name} is invalid. Valid names: tag-key, tag-value, tag:<key>`);
  });
}

const toGroup = (group: Group, instances: boolean): AutoScalingGroup => ({
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  AvailabilityZones: [...group.zones],
  CreatedTime: new Date(group.createdAt),
  DefaultCooldown: group.cooldown,
  DefaultInstanceWarmup: group.defaultWarmup,
  DesiredCapacity: group.desired,
  EnabledMetrics: [],
  HealthCheckGracePeriod: group.gracePeriod,
  HealthCheckType: group.healthCheckType,
  InstanceMaintenancePolicy: group.maintenance,
  Instances: instances ? [...group.members.values()].map(toInstance) : [],
  ...toConfiguration(group.configuration),
  LoadBalancerNames: [],
  MaxSize: group.max,
  MinSize: group.min,
  NewInstancesProtectedFromScaleIn: group.protectNew,
  ServiceLinkedRoleARN: `arn:aws:iam::${group.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
  Status: group.deleting ? "Delete in progress" : undefined,
  SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
    ProcessName,
    SuspensionReason,
  })),
  Tags: [...group.tags],
  TargetGroupARNs: [],
  TerminationPolicies: [...group.terminationPolicies],
  TrafficSources: [],
  VPCZoneIdentifier: group.subnets.join(","),
});

const toInstance = (member: Member): NonNullable<AutoScalingGroup["Instances"]>[number] => ({
  InstanceId: member.instanceId,
  InstanceType: member.instanceType,
  AvailabilityZone: member.zone,
  AvailabilityZoneId: member.zoneId,
  LifecycleState: member.state,
  HealthStatus: member.healthy ? "Healthy" : "Unhealthy",
  LaunchTemplate: toTemplate(member.template),
  ImageId: member.overrideImage,
  ProtectedFromScaleIn: member.protectedFromScaleIn,
});

export const operations = {
  DescribeAutoScalingGroups: {
    list: "AutoScalingGroups",
    run(input, call) {
      const names = input.AutoScalingGroupNames ?? [];
      const groups = [...groupsOf(call).values()]
        .filter((group) => (names.length === 0 || names.includes(group.name)) && passes(group, input.Filters))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return { AutoScalingGroups: groups.map((group) => toGroup(group, input.IncludeInstances !== false)) };
    },
  },
  DescribeAutoScalingInstances: {
    list: "AutoScalingInstances",
    run({ InstanceIds }, call) {
      const all = [...groupsOf(call).values()].flatMap((group) =>
        [...group.members.values()].map((member) => ({ group, member })),
      );
      return {
        AutoScalingInstances: all
          .filter(({ member }) => !InstanceIds?.length || InstanceIds.includes(member.instanceId))
          .map(({ group, member }) => ({
            ...toInstance(member),
            AutoScalingGroupName: group.name,
            HealthStatus: member.healthy ? "HEALTHY" : "UNHEALTHY",
          })),
      };
    },
  },
  /** Newest first; those of deleted groups only on request. */
  DescribeScalingActivities: {
    list: { items: "Activities", usual: 100 },
    run(input, call) {
      if (input.Filters?.length) throw invalid("autoscaling:DescribeScalingActivities is not built for Filters");
      const { activities } = call.aws.state(autoScalingState, call.account, call.region);
      const arns = new Set([...groupsOf(call).values()].map(({ arn }) => arn));
      const since = call.aws.clock.now() - KEPT_MS;
      const wanted = activities.filter(
        (one) =>
          (!input.AutoScalingGroupName || one.group === input.AutoScalingGroupName) &&
          (!input.ActivityIds?.length || input.ActivityIds.includes(one.id)) &&
          (arns.has(one.groupArn) || (input.IncludeDeletedGroups === true && one.startedAt >= since)),
      );
      return { Activities: wanted.toReversed().map((one) => toActivity(one, !arns.has(one.groupArn))) };
    },
  },
} satisfies Operations<typeof Sdk>;

export const toActivity = (activity: Activity, deleted: boolean): ActivityOutput => ({
  ActivityId: activity.id,
  AutoScalingGroupName: activity.group,
  AutoScalingGroupARN: activity.groupArn,
  ...(deleted && { AutoScalingGroupState: "Deleted" }),
  Cause: activity.cause,
  Description: activity.description,
  Details: activity.details,
  EndTime: activity.endedAt === undefined ? undefined : new Date(activity.endedAt),
  Progress: activity.progress,
  StartTime: new Date(activity.startedAt),
  StatusCode: activity.status,
  StatusMessage: activity.message,
});
