import type {
  CreateAutoScalingGroupCommandInput,
  InstanceMaintenancePolicy,
  UpdateAutoScalingGroupCommandInput,
} from "@aws-sdk/client-auto-scaling";
import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { type Authorization, AwsError, type Call } from "../../engine/operation.ts";
import { authorizeLaunch } from "../ec2/instances/run-instances.ts";
import { defaultVpcOf, visibleSubnets } from "../ec2/network/visible.ts";
import { zonesOf } from "../ec2/regions.ts";
import type { ConfigurationInput } from "./configuration.ts";
import { type Group, invalid } from "./state.ts";

type Input = Partial<CreateAutoScalingGroupCommandInput & UpdateAutoScalingGroupCommandInput>;

/** Members that CreateAutoScalingGroup and UpdateAutoScalingGroup share. */
export const COMMON = [
  "AutoScalingGroupName",
  "AvailabilityZones",
  "DefaultCooldown",
  "DefaultInstanceWarmup",
  "DesiredCapacity",
  "HealthCheckGracePeriod",
  "HealthCheckType",
  "InstanceMaintenancePolicy",
  "LaunchTemplate",
  "MaxSize",
  "MinSize",
  "MixedInstancesPolicy",
  "NewInstancesProtectedFromScaleIn",
  "TerminationPolicies",
  "VPCZoneIdentifier",
] as const;

/** @throws ValidationError with messages observed from Auto Scaling */
export function requireSizes({ min, max, desired }: Pick<Group, "min" | "max" | "desired">): void {
  if (max < min) throw invalid(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  if (desired < min || desired > max) {
    throw invalid(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
  }
}

/** The group's subnets and zones. @throws ValidationError */
export function placesOf(call: Call, input: Input): Pick<Group, "subnets" | "zones"> {
  const subnets = visibleSubnets(call.aws, call);
  const asked = (input.VPCZoneIdentifier ?? "")
    .split(",")
    .filter(Boolean)
    .map((id) => id.trim());
  const unknown = asked.find((id) => !subnets.some((subnet) => subnet.id === id));
  if (unknown) throw invalid(`The subnet ID '${unknown}' does not exist`);
  const named = input.AvailabilityZones ?? [];
  const wrong = named.find((zone) => !zonesOf(call.region).some(({ name }) => name === zone));
  if (wrong) throw invalid(`Invalid Availability Zone [${wrong}]`);
  const zones = subnets.filter(({ id }) => asked.includes(id)).map(({ zone }) => zone.name);
  if (asked.length > 0 && named.some((zone) => !zones.includes(zone))) {
    throw invalid("The availability zones of the specified subnets and the Auto Scaling group do not match");
  }
  if (asked.length === 0 && named.length === 0) {
    throw invalid("At least one Availability Zone or VPC Subnet is required.");
  }
  if (asked.length === 0 && !defaultVpcOf(call.aws, call)) throw invalid("No default VPC for this user");
  return { subnets: asked, zones: asked.length > 0 ? zones : named };
}

/**
 * A caller that sets a group's launch template needs permission to launch from it (Auto Scaling user guide, "Control
 * Amazon EC2 launch template usage in Auto Scaling groups"). The operation itself rejects a template that does not
 * exist.
 */
export function authorizeTemplateUse(
  call: Call,
  { LaunchTemplate, MixedInstancesPolicy: policy }: ConfigurationInput,
): Partial<Authorization>[] {
  const { LaunchTemplateSpecification: shared, Overrides = [] } = policy?.LaunchTemplate ?? {};
  const overridden = Overrides.map(
    ({ LaunchTemplateSpecification: own, ImageId, InstanceType }): Use => ({
      LaunchTemplate: own ?? shared,
      ImageId,
      InstanceType: InstanceType as RunInstancesCommandInput["InstanceType"],
    }),
  );
  return [{ LaunchTemplate }, ...(overridden.length > 0 ? overridden : [{ LaunchTemplate: shared }])].flatMap((use) =>
    authorizeUse(call, use),
  );
}

type Use = Pick<RunInstancesCommandInput, "LaunchTemplate" | "ImageId" | "InstanceType">;

function authorizeUse(call: Call, use: Use): Partial<Authorization>[] {
  const { LaunchTemplate: template } = use;
  if (!template) return [];
  const refusal = () =>
    new AwsError(
      "AccessDenied",
      `You are not authorized to use launch template: ${template.LaunchTemplateId ?? template.LaunchTemplateName}`,
      { status: 403 },
    );
  try {
    const launch = authorizeLaunch({ ...use, MinCount: 1, MaxCount: 1 }, call);
    return launch.map((asked) => ({ action: "ec2:RunInstances", ...asked, refusal }));
  } catch (missing) {
    if (missing instanceof AwsError) return [];
    throw missing;
  }
}

/** @throws ValidationError */
export function requireMaintenance(
  policy: InstanceMaintenancePolicy | undefined,
  before?: InstanceMaintenancePolicy,
): InstanceMaintenancePolicy | undefined {
  if (!policy) return before;
  const { MinHealthyPercentage: min = -1, MaxHealthyPercentage: max = -1 } = policy;
  if (min === -1 && max === -1) return undefined;
  if (min === -1 || max === -1) {
    throw invalid(
      "MinHealthyPercentage and MaxHealthyPercentage of an InstanceMaintenancePolicy must both be specified.",
    );
  }
  if (max - min > 100) {
    throw invalid("The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100.");
  }
  return { MinHealthyPercentage: min, MaxHealthyPercentage: max };
}
