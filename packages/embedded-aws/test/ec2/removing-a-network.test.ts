import { beforeEach, describe, expect, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import type { TypedCall } from "../typed-call.ts";
import { anAws } from "./an-aws.ts";

let ec2: TypedCall<"ec2">;
let made: Awaited<ReturnType<typeof network>>;

/** A VPC with a subnet, whose route table leads to an internet gateway. */
async function network() {
  const { Vpc: { VpcId = "" } = {} } = await ec2("CreateVpc", { CidrBlock: "10.30.0.0/16" });
  const { Subnet: { SubnetId = "" } = {} } = await ec2("CreateSubnet", { VpcId, CidrBlock: "10.30.1.0/24" });
  const { InternetGateway: { InternetGatewayId = "" } = {} } = await ec2("CreateInternetGateway");
  await ec2("AttachInternetGateway", { VpcId, InternetGatewayId });
  const { RouteTable: { RouteTableId = "" } = {} } = await ec2("CreateRouteTable", { VpcId });
  const route = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0" };
  await ec2("CreateRoute", { ...route, GatewayId: InternetGatewayId });
  const { AssociationId = "" } = await ec2("AssociateRouteTable", { RouteTableId, SubnetId });
  return { VpcId, SubnetId, InternetGatewayId, RouteTableId, route, AssociationId };
}

beforeEach(async () => {
  ec2 = anAws().by("ec2");
  made = await network();
});

const inUse = (kind: string, id: string) => `The ${kind} '${id}' has dependencies and cannot be deleted.`;

describe("A network", () => {
  test("is removed from its routes to its VPC, with the VPC's main table and default group", async () => {
    const { VpcId, SubnetId, InternetGatewayId, RouteTableId, route, AssociationId } = made;

    await ec2("DisassociateRouteTable", { AssociationId });
    await ec2("DeleteRoute", route);
    await ec2("DeleteRouteTable", { RouteTableId });
    await ec2("DeleteSubnet", { SubnetId });
    await ec2("DetachInternetGateway", { InternetGatewayId, VpcId });
    await ec2("DeleteInternetGateway", { InternetGatewayId });
    await ec2("DeleteVpc", { VpcId });

    const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
    const left = await Promise.all([
      ec2("DescribeVpcs", { Filters }).then(({ Vpcs }) => Vpcs),
      ec2("DescribeRouteTables", { Filters }).then(({ RouteTables }) => RouteTables),
      ec2("DescribeSecurityGroups", { Filters }).then(({ SecurityGroups }) => SecurityGroups),
    ]);
    expect(left).toEqual([[], [], []]);
    await expectRefusal(ec2("DeleteVpc", { VpcId }), "InvalidVpcID.NotFound");
  });

  test("keeps what something else needs", async () => {
    const { VpcId, InternetGatewayId, RouteTableId } = made;

    for (const [refused, message] of [
      [ec2("DeleteRouteTable", { RouteTableId }), inUse("routeTable", RouteTableId)],
      [ec2("DeleteInternetGateway", { InternetGatewayId }), inUse("internetGateway", InternetGatewayId)],
      [ec2("DeleteVpc", { VpcId }), inUse("vpc", VpcId)],
    ] as const) {
      await expectRefusal(refused, "DependencyViolation", message);
    }
  });

  test("keeps its main route table and local routes until the VPC is deleted", async () => {
    const { VpcId, RouteTableId } = made;
    const Filters = [
      { Name: "vpc-id", Values: [VpcId] },
      { Name: "association.main", Values: ["true"] },
    ];
    const { RouteTables: [main] = [] } = await ec2("DescribeRouteTables", { Filters });
    const AssociationId = main?.Associations?.[0]?.RouteTableAssociationId;
    const local = { RouteTableId, DestinationCidrBlock: "10.30.0.0/16" };

    await expectRefusal(ec2("DeleteRouteTable", { RouteTableId: main?.RouteTableId }), "DependencyViolation");
    await expectRefusal(ec2("DisassociateRouteTable", { AssociationId }), "InvalidParameterValue");
    await expectRefusal(ec2("DeleteRoute", local), "InvalidParameterValue");
  });

  test("loses a subnet's association with the subnet", async () => {
    const { SubnetId, RouteTableId } = made;

    await ec2("DeleteSubnet", { SubnetId });
    await ec2("DeleteRouteTable", { RouteTableId });

    await expectRefusal(ec2("DescribeRouteTables", { RouteTableIds: [RouteTableId] }), "InvalidRouteTableID.NotFound");
  });

  test("refuses to remove what is not there", async () => {
    const { VpcId, InternetGatewayId, route } = made;
    await ec2("DeleteRoute", route);
    await ec2("DetachInternetGateway", { InternetGatewayId, VpcId });

    await expectRefusal(ec2("DeleteRoute", route), "InvalidRoute.NotFound");
    await expectRefusal(ec2("DetachInternetGateway", { InternetGatewayId, VpcId }), "Gateway.NotAttached");
    await expectRefusal(
      ec2("DisassociateRouteTable", { AssociationId: "rtbassoc-00000000000000000" }),
      "InvalidAssociationID.NotFound",
    );
  });
});

test("A VPC's DNS attributes are changed one at a time", async () => {
  const { VpcId } = made;
  const hostnames = async () => {
    const { EnableDnsHostnames } = await ec2("DescribeVpcAttribute", { VpcId, Attribute: "enableDnsHostnames" });
    return EnableDnsHostnames?.Value;
  };

  const before = await hostnames();
  await ec2("ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: true } });
  const both = { EnableDnsHostnames: { Value: true }, EnableDnsSupport: { Value: true } };

  expect([before, await hostnames()]).toEqual([false, true]);
  await expectRefusal(ec2("ModifyVpcAttribute", { VpcId, ...both }), "InvalidParameterCombination");
});
