import type * as Sdk from "@aws-sdk/client-ec2";
import type { Route as RouteOutput } from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeCreationTags, authorizeResource, ec2Arn } from "../authorization.ts";
import { toPredicate } from "../filters.ts";
import { missingParameter } from "../refusals.ts";
import { addTags, specifiedTags, tagsOf, toTags } from "../resource-tags.ts";
import { mainAssociation } from "./remove-network.ts";
import { networkOf, type Route, type RouteTable } from "./state.ts";
import { requireOwn } from "./visible.ts";

const requireTable = (call: Call, id: string | undefined): RouteTable =>
  requireOwn(networkOf(call.aws, call).routeTables, id, "InvalidRouteTableID.NotFound", "routeTable");

export const operations = {
  CreateRouteTable: {
    authorize: ({ VpcId, TagSpecifications }, call) => [
      { resources: [ec2Arn(call, "route-table", "*")] },
      authorizeResource(call, "vpc", VpcId),
      ...authorizeCreationTags(call, "CreateRouteTable", TagSpecifications),
    ],
    run({ VpcId, TagSpecifications }, call) {
      const { aws } = call;
      const network = networkOf(aws, call);
      const vpc = requireOwn(network.vpcs, VpcId, "InvalidVpcID.NotFound", "vpc");
      const id = `rtb-${aws.hexId(17)}`;
      const routes = [{ destination: vpc.cidr, target: "local" }];
      network.routeTables.set(id, { id, vpcId: vpc.id, main: false, routes, subnets: new Map() });
      addTags(aws, call, id, specifiedTags(TagSpecifications, "route-table"));
      return { RouteTable: toTable(call, requireTable(call, id)) };
    },
  },
  CreateRoute: {
    authorize: ({ RouteTableId }, call) => [authorizeResource(call, "route-table", RouteTableId)],
    run(input, call) {
      const network = networkOf(call.aws, call);
      const table = requireTable(call, input.RouteTableId);
      const { DestinationCidrBlock: destination } = input;
      if (!destination) throw missingParameter("destinationCidrBlock");
      const { GatewayId, NatGatewayId } = input;
      if (GatewayId === undefined && NatGatewayId === undefined) {
        throw new AwsError("NotImplemented", "ec2:CreateRoute is built only for GatewayId and NatGatewayId");
      }
      if (GatewayId) {
        const gateway = requireOwn(network.internetGateways, GatewayId, "InvalidGatewayID.NotFound", "gateway");
        if (gateway.vpcId !== table.vpcId) throw differentNetworks(table.id, GatewayId);
      }
      if (NatGatewayId) requireOwn(network.natGateways, NatGatewayId, "InvalidNatGatewayID.NotFound", "natGateway");
      if (table.routes.some((route) => route.destination === destination)) {
        const message = `The route identified by ${destination} already exists.`;
        throw new AwsError("RouteAlreadyExists", message);
      }
      table.routes.push({ destination, target: GatewayId ?? NatGatewayId ?? "" });
      return { Return: true };
    },
  },
  AssociateRouteTable: {
    authorize: ({ RouteTableId, SubnetId }, call) => [
      authorizeResource(call, "route-table", RouteTableId),
      authorizeResource(call, "subnet", SubnetId),
    ],
    run({ RouteTableId, SubnetId }, call) {
      const network = networkOf(call.aws, call);
      const table = requireTable(call, RouteTableId);
      const subnet = requireOwn(network.subnets, SubnetId, "InvalidSubnetID.NotFound", "subnet");
      if (subnet.vpcId !== table.vpcId) throw differentNetworks(table.id, subnet.id);
      const other = [...network.routeTables.values()].find(({ subnets }) => [...subnets.values()].includes(subnet.id));
      if (other) {
        const message = `the specified association for route table ${table.id} conflicts with an existing association`;
        throw new AwsError("Resource.AlreadyAssociated", message);
      }
      const AssociationId = `rtbassoc-${call.aws.hexId(17)}`;
      table.subnets.set(AssociationId, subnet.id);
      return { AssociationId, AssociationState: { State: "associated" } };
    },
  },
  DescribeRouteTables: {
    list: "RouteTables",
    run(input, call) {
      const { aws } = call;
      const named = input.RouteTableIds?.length
        ? input.RouteTableIds.map((id) => requireTable(call, id))
        : [...networkOf(aws, call).routeTables.values()];
      const passes = toPredicate<RouteTable>(
        input.Filters,
        {
          "association.main": ({ main }) => String(main),
          "association.route-table-association-id": ({ subnets }) => [...subnets.keys()],
          "association.subnet-id": ({ subnets }) => [...subnets.values()],
          "owner-id": () => call.account,
          "route.destination-cidr-block": ({ routes }) => routes.map(({ destination }) => destination),
          "route.gateway-id": ({ routes }) => routes.flatMap(({ target }) => (isGateway(target) ? target : [])),
          "route.nat-gateway-id": ({ routes }) =>
            routes.flatMap(({ target }) => (target.startsWith("nat-") ? target : [])),
          "route-table-id": ({ id }) => id,
          "vpc-id": ({ vpcId }) => vpcId,
        },
        ({ id }) => tagsOf(aws, call, id),
      );
      return { RouteTables: named.filter(passes).map((table) => toTable(call, table)) };
    },
  },
} satisfies Operations<typeof Sdk>;

/** EC2's message for two resources of different VPCs. */
const differentNetworks = (one: string, other: string): AwsError =>
  new AwsError("InvalidParameterValue", `${one} and ${other} belong to different networks`);

const isGateway = (target: string): boolean => /^(local$|igw-|vpce-)/.test(target);

const toTable = (call: Call, { id, vpcId, main, routes, subnets }: RouteTable) => ({
  RouteTableId: id,
  VpcId: vpcId,
  OwnerId: call.account,
  Associations: [
    ...(main ? [toAssociation(id, mainAssociation(id), undefined)] : []),
    ...[...subnets].map(([association, subnet]) => toAssociation(id, association, subnet)),
  ],
  PropagatingVgws: [],
  Routes: routes.map((route) => toRoute(route)),
  Tags: toTags(tagsOf(call.aws, call, id)),
});

const toAssociation = (RouteTableId: string, RouteTableAssociationId: string, SubnetId: string | undefined) => ({
  Main: SubnetId === undefined,
  RouteTableAssociationId,
  RouteTableId,
  ...(SubnetId && { SubnetId }),
  AssociationState: { State: "associated" as const },
});

const toRoute = ({ destination, target }: Route): RouteOutput => ({
  ...(destination.startsWith("pl-") ? { DestinationPrefixListId: destination } : { DestinationCidrBlock: destination }),
  ...(isGateway(target) && { GatewayId: target }),
  ...(target.startsWith("nat-") && { NatGatewayId: target }),
  ...(target.startsWith("tgw-") && { TransitGatewayId: target }),
  Origin: target === "local" ? "CreateRouteTable" : "CreateRoute",
  State: "active",
});
