import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "../authorization.ts";
import { toPredicate } from "../filters.ts";
import { missingParameter } from "../refusals.ts";
import { addTags, specifiedTags, tagsOf, toTags } from "../resource-tags.ts";
import { type InternetGateway, type NatGateway, networkOf } from "./state.ts";
import { requireOwn } from "./visible.ts";

export const operations = {
  CreateInternetGateway: {
    authorize: ({ TagSpecifications }, call) => [
      { resources: [ec2Arn(call, "internet-gateway", "*")] },
      ...authorizeCreationTags(call, "CreateInternetGateway", TagSpecifications),
    ],
    run({ TagSpecifications }, call) {
      const { aws } = call;
      const gateway: InternetGateway = { id: `igw-${aws.hexId(17)}`, vpcId: undefined };
      networkOf(aws, call).internetGateways.set(gateway.id, gateway);
      addTags(aws, call, gateway.id, specifiedTags(TagSpecifications, "internet-gateway"));
      return { InternetGateway: toInternetGateway(call, gateway) };
    },
  },
  AttachInternetGateway: {
    authorize: ({ InternetGatewayId, VpcId }, call) => [
      authorizeResource(call, "internet-gateway", InternetGatewayId),
      authorizeResource(call, "vpc", VpcId),
    ],
    run({ InternetGatewayId, VpcId }, call) {
      const network = networkOf(call.aws, call);
      const gateway = requireOwn(
        network.internetGateways,
        InternetGatewayId,
        "InvalidInternetGatewayID.NotFound",
        "internetGateway",
      );
      const vpc = requireOwn(network.vpcs, VpcId, "InvalidVpcID.NotFound", "vpc");
      if (gateway.vpcId !== undefined) {
        const message = `resource ${gateway.id} is already attached to network ${gateway.vpcId}`;
        throw new AwsError("Resource.AlreadyAssociated", message);
      }
      gateway.vpcId = vpc.id;
    },
  },
  DescribeInternetGateways: {
    list: "InternetGateways",
    run(input, call) {
      const { internetGateways: all } = networkOf(call.aws, call);
      const named = input.InternetGatewayIds?.length
        ? input.InternetGatewayIds.map((id) =>
            requireOwn(all, id, "InvalidInternetGatewayID.NotFound", "internetGateway"),
          )
        : [...all.values()];
      const passes = toPredicate<InternetGateway>(
        input.Filters,
        {
          "attachment.state": ({ vpcId }) => (vpcId ? "available" : undefined),
          "attachment.vpc-id": ({ vpcId }) => vpcId,
          "internet-gateway-id": ({ id }) => id,
          "owner-id": () => call.account,
        },
        ({ id }) => tagsOf(call.aws, call, id),
      );
      return { InternetGateways: named.filter(passes).map((gateway) => toInternetGateway(call, gateway)) };
    },
  },
  AllocateAddress: {
    authorize: ({ TagSpecifications }, call) => [
      { resources: [ec2Arn(call, "elastic-ip", "*")] },
      ...authorizeCreationTags(call, "AllocateAddress", TagSpecifications),
    ],
    run({ TagSpecifications }, call) {
      const { aws } = call;
      const { addresses } = networkOf(aws, call);
      const AllocationId = `eipalloc-${aws.hexId(17)}`;
      // From the block for documentation (RFC 5737).
      const PublicIp = `203.0.113.${1 + (addresses.size % 254)}`;
      addresses.set(AllocationId, PublicIp);
      addTags(aws, call, AllocationId, specifiedTags(TagSpecifications, "elastic-ip"));
      return { AllocationId, PublicIp, Domain: "vpc", NetworkBorderGroup: call.region, PublicIpv4Pool: "amazon" };
    },
  },
  CreateNatGateway: {
    authorize: ({ SubnetId, AllocationId, TagSpecifications }, call) => [
      { resources: [ec2Arn(call, "natgateway", "*")] },
      authorizeResource(call, "subnet", SubnetId),
      ...(AllocationId ? [authorizeResource(call, "elastic-ip", AllocationId)] : []),
      ...authorizeCreationTags(call, "CreateNatGateway", TagSpecifications),
    ],
    run({ SubnetId, AllocationId, ConnectivityType: connectivity = "public", TagSpecifications }, call) {
      const { aws } = call;
      const network = networkOf(aws, call);
      const subnet = requireOwn(network.subnets, SubnetId, "InvalidSubnetID.NotFound", "subnet");
      if (connectivity === "public" && !AllocationId) throw missingParameter("allocationId");
      if (AllocationId) requireOwn(network.addresses, AllocationId, "InvalidAllocationID.NotFound", "allocation");
      const gateway: NatGateway = {
        id: `nat-${aws.hexId(17)}`,
        vpcId: subnet.vpcId,
        subnetId: subnet.id,
        connectivity,
        allocationId: AllocationId,
        createdAt: aws.clock.now(),
      };
      network.natGateways.set(gateway.id, gateway);
      addTags(aws, call, gateway.id, specifiedTags(TagSpecifications, "natgateway"));
      return { NatGateway: { ...toNatGateway(call, gateway), State: "pending" } };
    },
  },
  DescribeNatGateways: {
    list: "NatGateways",
    run(input, call) {
      const { natGateways: all } = networkOf(call.aws, call);
      const named = input.NatGatewayIds?.length
        ? input.NatGatewayIds.map((id) => requireOwn(all, id, "NatGatewayNotFound", "natGateway"))
        : [...all.values()];
      const passes = toPredicate<NatGateway>(
        input.Filter,
        {
          "nat-gateway-id": ({ id }) => id,
          state: () => "available",
          "subnet-id": ({ subnetId }) => subnetId,
          "vpc-id": ({ vpcId }) => vpcId,
        },
        ({ id }) => tagsOf(call.aws, call, id),
      );
      return { NatGateways: named.filter(passes).map((gateway) => toNatGateway(call, gateway)) };
    },
  },
} satisfies Operations<typeof Sdk>;

const toInternetGateway = (call: Call, { id, vpcId }: InternetGateway) => ({
  InternetGatewayId: id,
  OwnerId: call.account,
  // EC2's word for an attached gateway differs from its model's.
  Attachments: vpcId ? [{ VpcId: vpcId, State: "available" as "attached" }] : [],
  Tags: toTags(tagsOf(call.aws, call, id)),
});

const toNatGateway = (call: Call, gateway: NatGateway) => ({
  NatGatewayId: gateway.id,
  VpcId: gateway.vpcId,
  SubnetId: gateway.subnetId,
  ConnectivityType: gateway.connectivity,
  CreateTime: new Date(gateway.createdAt),
  State: "available" as const,
  NatGatewayAddresses: gateway.allocationId
    ? [
        {
          AllocationId: gateway.allocationId,
          PublicIp: networkOf(call.aws, call).addresses.get(gateway.allocationId),
          IsPrimary: true,
          Status: "succeeded" as const,
        },
      ]
    : [],
  Tags: toTags(tagsOf(call.aws, call, gateway.id)),
});
