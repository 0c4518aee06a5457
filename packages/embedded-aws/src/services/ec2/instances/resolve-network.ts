import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Call } from "../../../engine/operation.ts";
import { defaultNetwork } from "../default-network.ts";
import { invalidParameter } from "../refusals.ts";
import { findSecurityGroupNamed, requireSecurityGroup } from "../security-groups.ts";
import type { Launch } from "./instance.ts";

/** Where an instance goes, and its security groups: what the launch says, else the default VPC's. */
export function resolveNetwork(
  call: Call,
  input: RunInstancesCommandInput,
): Pick<Launch, "subnet" | "vpcId" | "securityGroups"> {
  const own = input.NetworkInterfaces?.[0];
  if (own && (input.SecurityGroupIds?.length || input.SecurityGroups?.length)) {
    throw combination(
      "Network interfaces and an instance-level security groups may not be specified on the same request",
    );
  }
  if (own && input.SubnetId) {
    throw combination("Network interfaces and an instance-level subnet ID may not be specified on the same request");
  }
  const { vpcId, subnets, defaultGroupId } = defaultNetwork(call.account, call.region);
  const subnetId = own?.SubnetId ?? input.SubnetId;
  const zone = input.Placement?.AvailabilityZone;
  const zoneId = input.Placement?.AvailabilityZoneId;
  const subnet = subnets.find(({ id, zone: { name, id: az } }) =>
    subnetId ? id === subnetId : zone ? name === zone : zoneId ? az === zoneId : true,
  );
  if (!subnet && subnetId) {
    throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`, { status: 400 });
  }
  if (!subnet) throw invalidParameter(`Invalid availability zone: [${zone ?? zoneId}]`);
  if (subnetId && zone && subnet.zone.name !== zone) {
    throw invalidParameter(`The availability zone '${zone}' is not the one of subnet '${subnetId}'`);
  }
  const groups = [
    ...(own?.Groups ?? input.SecurityGroupIds ?? []).map((id) => requireSecurityGroup(call, id)),
    ...(input.SecurityGroups ?? []).map((name) => findSecurityGroupNamed(call, name)),
  ];
  return {
    subnet,
    vpcId,
    securityGroups: (groups.length > 0 ? groups : [requireSecurityGroup(call, defaultGroupId)]).map(({ id, name }) => ({
      id,
      name,
    })),
  };
}

const combination = (message: string): AwsError =>
  new AwsError("InvalidParameterCombination", message, { status: 400 });
