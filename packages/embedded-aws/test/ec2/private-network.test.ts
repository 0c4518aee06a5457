import { describe, expect, it } from "vitest";
import { reachesService } from "../../src/services/ec2/network/place-instance.ts";
import { type NetworkSeed, seedNetwork } from "../../src/services/ec2/network/seed-network.ts";
import { networkOf, removeDefaultVpcs } from "../../src/services/ec2/network/state.ts";
import { refusalOf } from "../expect-refusal.ts";
import { anAws, anImage, FACTORY, OTHER_REGION, PRODUCTION, REGION, STRANGER } from "./an-aws.ts";

const named = (name: string) => ({ Filters: [{ Name: "tag:Name", Values: [name] }] });

/** The factory's account with one seeded network, and no default VPC. */
function withNetwork(seed: Partial<NetworkSeed> = {}) {
  const world = anAws();
  removeDefaultVpcs(world.aws, FACTORY);
  seedNetwork(world.aws, FACTORY, { region: REGION, name: "build", ...seed });
  const ec2 = world.by("ec2");
  const image = anImage(world.aws, "an image");
  return {
    ...world,
    ec2,
    subnet: async (name: string) => (await ec2("DescribeSubnets", named(name))).Subnets?.[0]?.SubnetId ?? "",
    launch: (input: object, account = FACTORY) =>
      world.by("ec2", account)("RunInstances", {
        ImageId: image,
        InstanceType: "t3.micro",
        MinCount: 1,
        MaxCount: 1,
        ...input,
      }),
  };
}

describe("an account without a default VPC", () => {
  it("sees no VPC in any region", async () => {
    const { aws, by } = anAws();
    removeDefaultVpcs(aws, FACTORY);

    const here = await by("ec2")("DescribeVpcs");
    const there = await by("ec2", FACTORY, OTHER_REGION)("DescribeSubnets");

    expect(here.Vpcs).toEqual([]);
    expect(there.Subnets).toEqual([]);
  });

  it("is refused a security group and an instance that name no VPC or subnet", async () => {
    const { ec2, launch } = withNetwork();

    const group = await refusalOf(ec2("CreateSecurityGroup", { GroupName: "g", Description: "d" }));
    const instance = await refusalOf(launch({}));

    expect(group).toMatchObject({ code: "VPCIdNotSpecified", message: "No default VPC for this user" });
    expect(instance).toMatchObject({
      code: "VPCIdNotSpecified",
      message: "No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.",
    });
  });

  it("launches in a subnet that it names, with that VPC's default group", async () => {
    const { ec2, subnet, launch } = withNetwork();
    const SubnetId = await subnet("build-private-b");

    const { Instances } = await launch({ SubnetId });
    const vpc = await ec2("DescribeVpcs", named("build"));

    expect(Instances?.[0]).toMatchObject({ SubnetId, VpcId: vpc.Vpcs?.[0]?.VpcId });
    expect(Instances?.[0]?.SecurityGroups).toMatchObject([{ GroupName: "default" }]);
  });
});

it("a default VPC without subnets launches nothing that names none", async () => {
  const { aws, launch } = withNetwork();
  const { vpcs } = networkOf(aws, { account: FACTORY, region: REGION });
  vpcs.set("vpc-1", { id: "vpc-1", owner: FACTORY, cidr: "172.31.0.0/16", isDefault: true, defaultGroupId: "sg-1" });

  const refusal = await refusalOf(launch({}));

  expect(refusal).toMatchObject({
    code: "MissingInput",
    message: "No subnets found for the default VPC 'vpc-1'. Please specify a subnet.",
  });
});

it("a security group and a subnet of different VPCs are refused, and a subnet of another region is not seen", async () => {
  const { aws, ec2, subnet, launch } = withNetwork();
  seedNetwork(aws, FACTORY, { region: REGION, name: "other", cidr: "10.1.0.0/16" });
  const other = await ec2("DescribeVpcs", named("other"));
  const { GroupId } = await ec2<{ GroupId: string }>("CreateSecurityGroup", {
    GroupName: "g",
    Description: "d",
    VpcId: other.Vpcs?.[0]?.VpcId,
  });
  const SubnetId = await subnet("build-private-a");

  const mixed = await refusalOf(launch({ SubnetId, SecurityGroupIds: [GroupId] }));
  const far = await refusalOf(anAws().by("ec2", FACTORY, OTHER_REGION)("DescribeSubnets", { SubnetIds: [SubnetId] }));

  expect(mixed).toMatchObject({
    code: "InvalidParameter",
    message: `Security group ${GroupId} and subnet ${SubnetId} belong to different networks.`,
  });
  expect(far.code).toBe("InvalidSubnetID.NotFound");
});

describe("a subnet shared through RAM", () => {
  it("is visible with its VPC, and usable with the launcher's own group, only for principals", async () => {
    const { clock, by, ec2, subnet, launch, aws } = withNetwork();
    const SubnetId = await subnet("build-private-a");
    await by("ram", "999988887777", "us-east-1")("EnableSharingWithAwsOrganization");
    await by("ram")("CreateResourceShare", {
      name: "build",
      principals: [PRODUCTION],
      resourceArns: [`arn:aws:ec2:${REGION}:${FACTORY}:subnet/${SubnetId}`],
    });
    await clock.runUntil(clock.now() + 60_000);
    const theirs = by("ec2", PRODUCTION);
    const image = anImage(aws, "theirs", {}, PRODUCTION);

    const { Subnets } = await theirs("DescribeSubnets", { SubnetIds: [SubnetId] });
    const own = await ec2("DescribeSubnets", { SubnetIds: [SubnetId] });
    const VpcId = Subnets?.[0]?.VpcId;
    const vpcs = await theirs("DescribeVpcs", { VpcIds: [VpcId] });
    const group = { GroupName: "mine", Description: "d", VpcId };
    const { GroupId } = await theirs<{ GroupId: string }>("CreateSecurityGroup", group);
    const withDefault = await refusalOf(launch({ SubnetId, ImageId: image }, PRODUCTION));
    const { Instances } = await launch({ SubnetId, ImageId: image, SecurityGroupIds: [GroupId] }, PRODUCTION);
    const stranger = await refusalOf(by("ec2", STRANGER)("DescribeSubnets", { SubnetIds: [SubnetId] }));

    expect(Subnets?.[0]).toMatchObject({ OwnerId: FACTORY, SubnetArn: own.Subnets?.[0]?.SubnetArn });
    expect(vpcs.Vpcs?.[0]).toMatchObject({ OwnerId: FACTORY, IsDefault: false });
    expect(withDefault.code).toBe("InvalidParameter");
    expect(Instances?.[0]?.SubnetId).toBe(SubnetId);
    expect(stranger.code).toBe("InvalidSubnetID.NotFound");
  });
});

describe("an instance reaches an AWS service", () => {
  it.each([
    ["through a NAT gateway", { egress: "nat" }, true],
    ["through a transit gateway", { egress: "transit-gateway" }, true],
    ["through a VPC endpoint", { egress: "none", endpoints: ["ssm"] }, true],
    ["not through another service's endpoint", { egress: "none", endpoints: ["logs"] }, false],
    ["not without a route", { egress: "none" }, false],
  ] as const)("%s", async (_, seed, expected) => {
    const { aws, subnet } = withNetwork(seed);
    const id = await subnet("build-private-a");
    const found = networkOf(aws, { account: FACTORY, region: REGION }).subnets.get(id);

    const reached = found && reachesService(aws, REGION, { subnet: found, hasPublicIp: false }, "ssm");

    expect(reached).toBe(expected);
  });

  it("in a public subnet only with a public address", async () => {
    const { aws, subnet } = withNetwork();
    const id = await subnet("build-public-a");
    const found = networkOf(aws, { account: FACTORY, region: REGION }).subnets.get(id);

    const reached = [true, false].map(
      (hasPublicIp) => found && reachesService(aws, REGION, { subnet: found, hasPublicIp }, "ssm"),
    );

    expect(reached).toEqual([true, false]);
  });
});

it("a network built call by call is described as it was built", async () => {
  const { by } = anAws();
  const ec2 = by("ec2");
  const { Vpc } = await ec2("CreateVpc", { CidrBlock: "10.9.0.0/16" });
  const VpcId = Vpc?.VpcId;
  const { Subnet } = await ec2("CreateSubnet", { VpcId, CidrBlock: "10.9.1.0/24" });
  const SubnetId = Subnet?.SubnetId;
  await ec2("ModifySubnetAttribute", { SubnetId, MapPublicIpOnLaunch: { Value: true } });
  const { InternetGateway } = await ec2("CreateInternetGateway");
  const InternetGatewayId = InternetGateway?.InternetGatewayId;
  await ec2("AttachInternetGateway", { InternetGatewayId, VpcId });
  const { AllocationId } = await ec2("AllocateAddress");
  const { NatGateway } = await ec2("CreateNatGateway", { SubnetId, AllocationId });
  const { RouteTable } = await ec2("CreateRouteTable", { VpcId });
  const RouteTableId = RouteTable?.RouteTableId;
  const DestinationCidrBlock = "0.0.0.0/0";
  await ec2("CreateRoute", { RouteTableId, DestinationCidrBlock, GatewayId: InternetGatewayId });
  await ec2("AssociateRouteTable", { RouteTableId, SubnetId });
  const { VpcEndpoint } = await ec2("CreateVpcEndpoint", {
    VpcId,
    ServiceName: `com.amazonaws.${REGION}.s3`,
    RouteTableIds: [RouteTableId],
  });

  const ofVpc = { Filters: [{ Name: "vpc-id", Values: [VpcId] }] };
  const subnets = await ec2("DescribeSubnets", ofVpc);
  const tables = await ec2("DescribeRouteTables", ofVpc);
  const gateways = await ec2("DescribeInternetGateways", { Filters: [{ Name: "attachment.vpc-id", Values: [VpcId] }] });
  const nats = await ec2("DescribeNatGateways", { Filter: [{ Name: "vpc-id", Values: [VpcId] }] });
  const endpoints = await ec2("DescribeVpcEndpoints", ofVpc);
  const again = await refusalOf(ec2("CreateSubnet", { VpcId, CidrBlock: "10.9.1.128/25" }));
  const outside = await refusalOf(ec2("CreateSubnet", { VpcId, CidrBlock: "10.8.1.0/24" }));

  expect(subnets.Subnets).toMatchObject([{ SubnetId, MapPublicIpOnLaunch: true, AvailableIpAddressCount: 251 }]);
  expect(tables.RouteTables).toMatchObject([
    { Associations: [{ Main: true }] },
    {
      Associations: [{ Main: false, SubnetId }],
      Routes: [
        { DestinationCidrBlock: "10.9.0.0/16", GatewayId: "local" },
        { DestinationCidrBlock, GatewayId: InternetGatewayId },
        { DestinationPrefixListId: expect.stringMatching(/^pl-/), GatewayId: VpcEndpoint?.VpcEndpointId },
      ],
    },
  ]);
  expect(gateways.InternetGateways).toMatchObject([{ InternetGatewayId, Attachments: [{ State: "available" }] }]);
  expect(nats.NatGateways).toMatchObject([{ NatGatewayId: NatGateway?.NatGatewayId, State: "available" }]);
  expect(endpoints.VpcEndpoints).toMatchObject([{ VpcEndpointType: "Gateway", State: "available" }]);
  expect([again.code, outside.code]).toEqual(["InvalidSubnet.Conflict", "InvalidSubnet.Range"]);
});
