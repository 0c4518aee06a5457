import { createHash } from "node:crypto";
import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { ec2Arn } from "./authorization.ts";
import { toPredicate } from "./filters.ts";
import { zonesOf } from "./regions.ts";
import { tagsOf, toTags } from "./resource-tags.ts";

export interface DefaultSubnet {
  readonly id: string;
  readonly zone: { readonly name: string; readonly id: string };
  readonly cidr: string;
}

interface DefaultNetwork {
  readonly vpcId: string;
  readonly cidr: string;
  readonly subnets: readonly DefaultSubnet[];
  /** The group that every VPC is born with. */
  readonly defaultGroupId: string;
}

/** Every account has a default VPC in every region, with a subnet in each zone. The same account and region, the same ids. */
export function defaultNetwork(account: string, region: string): DefaultNetwork {
  const id = (what: string) => createHash("sha256").update(`${account}/${region}/${what}`).digest("hex").slice(0, 17);
  return {
    vpcId: `vpc-${id("vpc")}`,
    cidr: "172.31.0.0/16",
    subnets: zonesOf(region).map((zone, index) => ({
      id: `subnet-${id(zone.name)}`,
      zone,
      cidr: `172.31.${index * 16}.0/20`,
    })),
    defaultGroupId: `sg-${id("default")}`,
  };
}

export const operations = {
  DescribeVpcs: {
    list: "Vpcs",
    run(input, call) {
      const { vpcId, cidr } = defaultNetwork(call.account, call.region);
      const unknown = input.VpcIds?.find((id) => id !== vpcId);
      if (unknown) {
        throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${unknown}' does not exist`, { status: 400 });
      }
      const passes = toPredicate<string>(
        input.Filters,
        {
          cidr: () => cidr,
          "is-default": () => "true",
          isDefault: () => "true",
          "owner-id": () => call.account,
          state: () => "available",
          "vpc-id": (id) => id,
        },
        (id) => tagsOf(call.aws, call, id),
      );
      return {
        Vpcs: [vpcId].filter(passes).map((id) => ({
          VpcId: id,
          CidrBlock: cidr,
          IsDefault: true,
          State: "available",
          OwnerId: call.account,
          InstanceTenancy: "default",
          DhcpOptionsId: "default",
          Tags: toTags(tagsOf(call.aws, call, id)),
        })),
      };
    },
  },
  DescribeSubnets: {
    list: "Subnets",
    run(input, call) {
      const { vpcId, subnets } = defaultNetwork(call.account, call.region);
      const unknown = input.SubnetIds?.find((id) => !subnets.some((subnet) => subnet.id === id));
      if (unknown) {
        throw new AwsError("InvalidSubnetID.NotFound", `The subnet ID '${unknown}' does not exist`, { status: 400 });
      }
      const passes = toPredicate<(typeof subnets)[number]>(
        input.Filters,
        {
          "availability-zone": (subnet) => subnet.zone.name,
          "availability-zone-id": (subnet) => subnet.zone.id,
          "cidr-block": (subnet) => subnet.cidr,
          "default-for-az": () => "true",
          "owner-id": () => call.account,
          state: () => "available",
          "subnet-id": (subnet) => subnet.id,
          "vpc-id": () => vpcId,
        },
        (subnet) => tagsOf(call.aws, call, subnet.id),
      );
      const named = subnets.filter((subnet) => !input.SubnetIds?.length || input.SubnetIds.includes(subnet.id));
      return {
        Subnets: named.filter(passes).map((subnet) => ({
          SubnetId: subnet.id,
          SubnetArn: ec2Arn(call, "subnet", subnet.id),
          VpcId: vpcId,
          AvailabilityZone: subnet.zone.name,
          AvailabilityZoneId: subnet.zone.id,
          AvailableIpAddressCount: 4091,
          CidrBlock: subnet.cidr,
          DefaultForAz: true,
          MapPublicIpOnLaunch: true,
          OwnerId: call.account,
          State: "available",
          Tags: toTags(tagsOf(call.aws, call, subnet.id)),
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
