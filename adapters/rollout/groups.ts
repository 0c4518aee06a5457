import {
  type AutoScalingClient,
  type AutoScalingGroup,
  type LaunchTemplateSpecification,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import { type NamedTemplate, type OptedInGroup, type Override, ROLLOUT_TAG } from "../../core/rollout/group.ts";

interface Where {
  readonly account: string;
  readonly region: string;
}

/** The page size limit of DescribeAutoScalingGroups (API reference). */
const PAGE = 100;

/**
 * The groups of an account and region that have the roll-out tag, with any value; groups that are being deleted are
 * left out.
 * @throws errors of Auto Scaling
 */
export async function listOptedIn(client: AutoScalingClient, where: Where): Promise<OptedInGroup[]> {
  const Filters = [{ Name: "tag-key", Values: [ROLLOUT_TAG] }];
  const found: OptedInGroup[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client, pageSize: PAGE }, { Filters })) {
    const groups = (page.AutoScalingGroups ?? []).filter(({ Status }) => Status === undefined);
    found.push(...groups.map((group) => toOptedIn(group, where)));
  }
  return found;
}

/** A group as EC2 Auto Scaling describes it. */
export function toOptedIn(group: AutoScalingGroup, where: Where): OptedInGroup {
  const { MixedInstancesPolicy: policy, Instances = [], SuspendedProcesses = [], Tags = [] } = group;
  return {
    ...where,
    name: group.AutoScalingGroupName ?? "",
    arn: group.AutoScalingGroupARN ?? "",
    tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
    desired: group.DesiredCapacity ?? 0,
    min: group.MinSize ?? 0,
    max: group.MaxSize ?? 0,
    suspended: SuspendedProcesses.flatMap(({ ProcessName }) => ProcessName ?? []),
    instances: Instances.map((one) => ({
      id: one.InstanceId ?? "",
      lifecycle: one.LifecycleState ?? "",
      healthy: one.HealthStatus === "Healthy",
      protectedFromScaleIn: one.ProtectedFromScaleIn ?? false,
    })),
    template: toTemplate(group.LaunchTemplate ?? policy?.LaunchTemplate?.LaunchTemplateSpecification),
    mixed: policy && {
      overrides: (policy.LaunchTemplate?.Overrides ?? []).map((one): Override => ({ ...one })),
      distribution: policy.InstancesDistribution ?? {},
    },
  };
}

/** Without a version, Auto Scaling uses the default one (API reference, LaunchTemplateSpecification). */
const toTemplate = (named: LaunchTemplateSpecification | undefined): NamedTemplate | undefined =>
  named?.LaunchTemplateId ? { id: named.LaunchTemplateId, version: named.Version ?? "$Default" } : undefined;
