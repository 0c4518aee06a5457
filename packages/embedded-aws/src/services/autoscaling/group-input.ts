import type {
  CreateAutoScalingGroupCommandInput,
  LaunchTemplateSpecification,
  UpdateAutoScalingGroupCommandInput,
} from "@aws-sdk/client-auto-scaling";
import { AwsError } from "../../engine/aws-error.ts";
import type { Authorization, Call } from "../../engine/operation.ts";
import { withTemplate } from "../ec2/instances/launch-input.ts";
import { authorizeLaunch } from "../ec2/instances/run-instances.ts";
import { requireTemplate } from "../ec2/launch-templates/launch-template.ts";
import { defaultVpcOf, visibleSubnets } from "../ec2/network/visible.ts";
import { zonesOf } from "../ec2/regions.ts";
import { invalid } from "./find-group.ts";
import type { Group, GroupTemplate } from "./state.ts";

type Input = Partial<CreateAutoScalingGroupCommandInput & UpdateAutoScalingGroupCommandInput>;

/** What a group is told of in the same words when it is made and when it is changed. */
export const COMMON = [
  "AutoScalingGroupName",
  "AvailabilityZones",
  "DefaultCooldown",
  "DesiredCapacity",
  "HealthCheckGracePeriod",
  "HealthCheckType",
  "LaunchTemplate",
  "MaxSize",
  "MinSize",
  "NewInstancesProtectedFromScaleIn",
  "TerminationPolicies",
  "VPCZoneIdentifier",
] as const;

/** @throws ValidationError in the words that Auto Scaling is seen to use */
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

/** @throws ValidationError for a template or version that is not there, or that names no image */
export function templateOf(call: Call, input: Input): GroupTemplate {
  const asked = input.LaunchTemplate;
  if (!asked) {
    throw invalid(
      "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.",
    );
  }
  try {
    const template = requireTemplate(call, asked);
    const launch = withTemplate(call, { LaunchTemplate: asked, MinCount: 1, MaxCount: 1 });
    if (!launch.ImageId)
      throw invalid(
        "You must use a valid fully-formed launch template. The request must contain the parameter ImageId",
      );
    return { id: template.id, name: template.name, version: asked.Version };
  } catch (refusal) {
    if (!(refusal instanceof AwsError) || refusal.code === "ValidationError") throw refusal;
    throw invalid(`You must use a valid fully-formed launch template. ${refusal.message}`);
  }
}

/**
 * Whoever gives a group a launch template must be allowed to launch by it (Auto Scaling user guide, "Control Amazon EC2
 * launch template usage in Auto Scaling groups"). A template that is not there is refused by the operation itself.
 */
export function authorizeTemplateUse(
  call: Call,
  template: LaunchTemplateSpecification | undefined,
): Partial<Authorization>[] {
  if (!template) return [];
  const refusal = () =>
    new AwsError(
      "AccessDenied",
      `You are not authorized to use launch template: ${template.LaunchTemplateId ?? template.LaunchTemplateName}`,
      { status: 403 },
    );
  try {
    const launch = authorizeLaunch({ LaunchTemplate: template, MinCount: 1, MaxCount: 1 }, call);
    return launch.map((asked) => ({ action: "ec2:RunInstances", ...asked, refusal }));
  } catch (missing) {
    if (missing instanceof AwsError) return [];
    throw missing;
  }
}
