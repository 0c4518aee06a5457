import type { RequestLaunchTemplateData, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError, type Call } from "../../../engine/operation.ts";
import { findTemplateVersion } from "../launch-templates/launch-template.ts";

/** The supported launch parameters. Any other is refused by name. */
const BUILT: ReadonlySet<string> = new Set<keyof RunInstancesCommandInput>([
  "BlockDeviceMappings",
  "ClientToken",
  "DryRun",
  "EbsOptimized",
  "IamInstanceProfile",
  "ImageId",
  "InstanceInitiatedShutdownBehavior",
  "InstanceType",
  "KeyName",
  "LaunchTemplate",
  "MaxCount",
  "MetadataOptions",
  "MinCount",
  "Monitoring",
  "NetworkInterfaces",
  "Placement",
  "SecurityGroupIds",
  "SecurityGroups",
  "SubnetId",
  "TagSpecifications",
  "UserData",
]);

/** If the template's interfaces or groups conflict with the request's, the request's apply. */
const NETWORK = ["NetworkInterfaces", "SecurityGroupIds", "SecurityGroups", "SubnetId"] as const;

/**
 * Merges the request with its launch template's parameters (EC2 user guide, "Launch EC2 instances using a launch
 * template"): the request's take precedence; tags of both apply.
 * @throws InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateId.VersionNotFound
 */
export function withTemplate(call: Call, input: RunInstancesCommandInput): RunInstancesCommandInput {
  if (!input.LaunchTemplate) return input;
  const { data } = findTemplateVersion(call, input.LaunchTemplate);
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const template: RequestLaunchTemplateData = { ...data };
  if (NETWORK.some((member) => input[member] !== undefined)) delete template.NetworkInterfaces;
  const tags = [...(template.TagSpecifications ?? []), ...(input.TagSpecifications ?? [])];
  return {
    ...(template as Partial<RunInstancesCommandInput>),
    ...(given as unknown as RunInstancesCommandInput),
    ...(template.MetadataOptions && { MetadataOptions: { ...template.MetadataOptions, ...input.MetadataOptions } }),
    ...(tags.length > 0 && { TagSpecifications: tags }),
  };
}

/** @throws NotImplemented naming a launch parameter that is not built */
export function requireBuilt(input: RunInstancesCommandInput): void {
  const other = Object.entries(input).find(([name, value]) => isGiven(value) && !BUILT.has(name));
  if (other) throw notBuilt(other[0]);
  const { AvailabilityZone: _, AvailabilityZoneId: __, Tenancy, ...placement } = input.Placement ?? {};
  const placed = Object.entries(placement).find(([, value]) => isGiven(value));
  if (placed) throw notBuilt(`Placement.${placed[0]}`);
  if (Tenancy && Tenancy !== "default") throw notBuilt(`Placement.Tenancy ${Tenancy}`);
  if ((input.NetworkInterfaces?.length ?? 0) > 1) throw notBuilt("NetworkInterfaces more than one");
  if (input.NetworkInterfaces?.[0]?.NetworkInterfaceId) throw notBuilt("NetworkInterfaces.NetworkInterfaceId");
}

/** `false` requests the default: no protection, no hibernation. */
const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);

const notBuilt = (what: string): AwsError =>
  new AwsError("NotImplemented", `ec2:RunInstances is not built for ${what}`, { status: 400 });
