import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { AwsError } from "../../../engine/operation.ts";
import { invalidParameter } from "../refusals.ts";
import { findSecurityGroup, findSecurityGroupNamed } from "../security-groups.ts";
import type { SecurityGroup } from "../state.ts";
import { type Network, networkOf, type Place, type Subnet, tableOf } from "./state.ts";
import { requireDefaultVpc, requireSubnet } from "./visible.ts";

interface Asked {
  readonly subnetId?: string | undefined;
  readonly groupIds?: readonly string[] | undefined;
  /** Groups by name belong to the default VPC. */
  readonly groupNames?: readonly string[] | undefined;
  readonly publicIp?: boolean | undefined;
  readonly zone?: RunInstancesCommandInput["Placement"];
}

interface Placed extends Placement {
  readonly securityGroups: readonly SecurityGroup[];
}

/** Where a launch without a subnet goes (EC2 API reference, RunInstances). */
const ONLY_DEFAULT = ". GroupName is only supported for EC2-Classic and default VPC.";

/**
 * An instance's subnet and security groups: the launch's, or the default VPC's.
 * @throws EC2's errors, including VPCIdNotSpecified and MissingInput
 */
export function placeInstance(aws: EmbeddedAws, place: Place, asked: Asked): Placed {
  const { subnetId, groupIds = [], groupNames = [], zone = {} } = asked;
  const subnet = subnetId ? requireSubnet(aws, place, subnetId) : defaultSubnet(aws, place, zone);
  const zoneAsked = zone.AvailabilityZone ?? zone.AvailabilityZoneId;
  if (zoneAsked !== undefined && zoneAsked !== subnet.zone.name && zoneAsked !== subnet.zone.id) {
    throw invalidParameter(`The availability zone '${zoneAsked}' is not the one of subnet '${subnetId}'`);
  }
  const named = [
    ...groupIds.map((id) => findSecurityGroup(aws, place, id)),
    ...groupNames.map((name) => findSecurityGroupNamed(aws, place, name)),
  ];
  const other = named.find(({ vpcId }) => vpcId !== subnet.vpcId);
  if (other) {
    const message = `Security group ${other.id} and subnet ${subnet.id} belong to different networks.`;
    throw new AwsError("InvalidParameter", message);
  }
  const securityGroups = named.length > 0 ? named : [defaultGroup(aws, place, subnet)];
  return { subnet, hasPublicIp: asked.publicIp ?? subnet.mapsPublicIp, securityGroups };
}

function defaultSubnet(aws: EmbeddedAws, place: Place, zone: NonNullable<Asked["zone"]>): Subnet {
  const vpc = requireDefaultVpc(aws, place, ONLY_DEFAULT);
  const subnets = [...networkOf(aws, place).subnets.values()].filter((one) => one.vpcId === vpc.id && one.isDefault);
  if (subnets.length === 0) {
    const message = `No subnets found for the default VPC '${vpc.id}'. Please specify a subnet.`;
    throw new AwsError("MissingInput", message);
  }
  const asked = zone.AvailabilityZone ?? zone.AvailabilityZoneId;
  const found = subnets.find(({ zone: { name, id } }) => asked === undefined || asked === name || asked === id);
  if (found) return found;
  throw invalidParameter(`Invalid availability zone: [${asked}]`);
}

/** In a shared subnet, the VPC's default group belongs to the owner (VPC user guide, "Share your VPC subnets"). */
function defaultGroup(aws: EmbeddedAws, place: Place, { id, vpcId, owner }: Subnet): SecurityGroup {
  const vpc = networkOf(aws, { account: owner, region: place.region }).vpcs.get(vpcId);
  if (vpc && owner === place.account) return findSecurityGroup(aws, place, vpc.defaultGroupId);
  // AWS's message is not known.
  const message = `The default security group of '${vpcId}' belongs to account ${owner}: specify a security group for subnet '${id}'`;
  throw new AwsError("InvalidParameter", message);
}

/** An instance's network interface, as far as it affects connections. */
export interface Placement {
  readonly subnet: Subnet;
  readonly hasPublicIp: boolean;
}

/** Whether an instance reaches an AWS service's endpoint in its region: through the internet, or a VPC endpoint. */
export function reachesService(aws: EmbeddedAws, region: string, placement: Placement, service: string): boolean {
  const { subnet } = placement;
  const network = networkOf(aws, { account: subnet.owner, region });
  const table = tableOf(network, subnet);
  const throughEndpoint = [...network.endpoints.values()].some(
    ({ vpcId, serviceName, type, privateDns, routeTableIds }) =>
      vpcId === subnet.vpcId &&
      serviceName === `com.amazonaws.${region}.${service}` &&
      (type === "Gateway" ? routeTableIds.includes(table?.id ?? "") : privateDns),
  );
  return throughEndpoint || reachesInternet(network, placement);
}

/** A transit gateway counts as a way to the internet: what is behind it is not known here. */
function reachesInternet(network: Network, { subnet, hasPublicIp }: Placement): boolean {
  const target = tableOf(network, subnet)?.routes.find(({ destination }) => destination === "0.0.0.0/0")?.target ?? "";
  if (target.startsWith("tgw-")) return true;
  if (target.startsWith("igw-")) return hasPublicIp && network.internetGateways.get(target)?.vpcId === subnet.vpcId;
  const nat = network.natGateways.get(target);
  const inSubnet = nat?.connectivity === "public" && network.subnets.get(nat.subnetId);
  return inSubnet ? reachesInternet(network, { subnet: inSubnet, hasPublicIp: true }) : false;
}
