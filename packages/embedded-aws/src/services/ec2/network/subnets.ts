import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "../authorization.ts";
import { toPredicate } from "../filters.ts";
import { instancesState } from "../instances/instance.ts";
import { invalidParameter, missingParameter } from "../refusals.ts";
import { zonesOf } from "../regions.ts";
import { addTags, specifiedTags, tagsOf, toTags } from "../resource-tags.ts";
import { networkOf, type Subnet } from "./state.ts";
import { requireOwn, requireSubnet, visibleSubnets } from "./visible.ts";

export const operations = {
  CreateSubnet: {
    authorize: ({ VpcId, TagSpecifications }, call) => [
      { resources: [ec2Arn(call, "subnet", "*")] },
      authorizeResource(call, "vpc", VpcId),
      ...authorizeCreationTags(call, "CreateSubnet", TagSpecifications),
    ],
    run(input, call) {
      const { aws, account: owner } = call;
      const { CidrBlock: cidr } = input;
      const network = networkOf(aws, call);
      const vpc = requireOwn(network.vpcs, input.VpcId, "InvalidVpcID.NotFound", "vpc");
      if (!cidr) throw missingParameter("cidrBlock");
      const zones = zonesOf(call.region);
      const asked = input.AvailabilityZone ?? input.AvailabilityZoneId;
      const zone = asked === undefined ? zones[0] : zones.find(({ name, id }) => name === asked || id === asked);
      if (!zone) throw invalidParameter(`Value (${asked}) for parameter availabilityZone is invalid.`);
      const fits = within(cidr, vpc.cidr);
      if (!fits) throw new AwsError("InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
      if ([...network.subnets.values()].some((one) => one.vpcId === vpc.id && overlaps(one.cidr, cidr))) {
        const message = `The CIDR '${cidr}' conflicts with another subnet`;
        throw new AwsError("InvalidSubnet.Conflict", message);
      }
      const id = `subnet-${aws.hexId(17)}`;
      const subnet: Subnet = { id, vpcId: vpc.id, owner, zone, cidr, isDefault: false, mapsPublicIp: false };
      network.subnets.set(id, subnet);
      addTags(aws, call, id, specifiedTags(input.TagSpecifications, "subnet"));
      return { Subnet: toSubnet(call, subnet) };
    },
  },
  DescribeSubnets: {
    list: "Subnets",
    run(input, call) {
      const named = input.SubnetIds?.length
        ? input.SubnetIds.map((id) => requireSubnet(call.aws, call, id))
        : visibleSubnets(call.aws, call);
      const passes = toPredicate<Subnet>(
        input.Filters,
        {
          "availability-zone": (subnet) => subnet.zone.name,
          "availability-zone-id": (subnet) => subnet.zone.id,
          "cidr-block": (subnet) => subnet.cidr,
          "default-for-az": (subnet) => String(subnet.isDefault),
          "map-public-ip-on-launch": (subnet) => String(subnet.mapsPublicIp),
          "owner-id": (subnet) => subnet.owner,
          state: () => "available",
          "subnet-id": (subnet) => subnet.id,
          "vpc-id": (subnet) => subnet.vpcId,
        },
        (subnet) => tagsOf(call.aws, call, subnet.id),
      );
      return { Subnets: named.filter(passes).map((subnet) => toSubnet(call, subnet)) };
    },
  },
  DeleteSubnet: {
    authorize: ({ SubnetId }, call) => [authorizeResource(call, "subnet", SubnetId)],
    run({ SubnetId }, call) {
      const network = networkOf(call.aws, call);
      const { id } = requireOwn(network.subnets, SubnetId, "InvalidSubnetID.NotFound", "subnet");
      const nats = [...network.natGateways.values()].some(({ subnetId }) => subnetId === id);
      if (nats || hasInstances(call, id)) {
        throw new AwsError("DependencyViolation", `The subnet '${id}' has dependencies and cannot be deleted.`);
      }
      network.subnets.delete(id);
      for (const { subnets } of network.routeTables.values()) {
        for (const [association, subnet] of subnets) if (subnet === id) subnets.delete(association);
      }
    },
  },
  ModifySubnetAttribute: {
    authorize: ({ SubnetId }, call) => [authorizeResource(call, "subnet", SubnetId)],
    run({ SubnetId, MapPublicIpOnLaunch, ...others }, call) {
      const other = Object.entries(others).find(([, value]) => value !== undefined);
      if (other) throw new AwsError("NotImplemented", `ec2:ModifySubnetAttribute is not built for ${other[0]}`);
      const subnet = requireOwn(networkOf(call.aws, call).subnets, SubnetId, "InvalidSubnetID.NotFound", "subnet");
      subnet.mapsPublicIp = MapPublicIpOnLaunch?.Value ?? subnet.mapsPublicIp;
    },
  },
} satisfies Operations<typeof Sdk>;

/** In any account that the subnet is shared with. */
const hasInstances = ({ aws, region }: Call, id: string): boolean =>
  [...aws.places(instancesState)].some(
    (place) =>
      place.region === region &&
      [...place.state.instances.values()].some((one) => one.launch.subnet.id === id && one.state !== "terminated"),
  );

const toSubnet = (call: Call, subnet: Subnet) => ({
  SubnetId: subnet.id,
  SubnetArn: ec2Arn({ ...call, account: subnet.owner }, "subnet", subnet.id),
  VpcId: subnet.vpcId,
  AvailabilityZone: subnet.zone.name,
  AvailabilityZoneId: subnet.zone.id,
  // AWS reserves five addresses of each subnet.
  AvailableIpAddressCount: 2 ** (32 - Number(subnet.cidr.split("/")[1])) - 5,
  CidrBlock: subnet.cidr,
  DefaultForAz: subnet.isDefault,
  MapPublicIpOnLaunch: subnet.mapsPublicIp,
  OwnerId: subnet.owner,
  State: "available" as const,
  Tags: toTags(tagsOf(call.aws, call, subnet.id)),
});

/** First address, as a number, and the prefix length. */
function parse(cidr: string): { readonly first: number; readonly bits: number } {
  const [address = "", length = "32"] = cidr.split("/");
  const bits = Number(length);
  const value = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  return { first: Math.floor(value / size) * size, bits };
}

/** Whether a block is contained in another. */
function within(cidr: string, outer: string): boolean {
  const [inside, outside] = [parse(cidr), parse(outer)];
  const size = 2 ** (32 - outside.bits);
  return inside.bits >= outside.bits && Math.floor(inside.first / size) * size === outside.first;
}

const overlaps = (one: string, other: string): boolean => within(one, other) || within(other, one);
