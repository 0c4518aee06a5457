import type * as Sdk from "@aws-sdk/client-ec2";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { authorizeResource } from "../authorization.ts";
import { ec2State } from "../state.ts";
import { type InternetGateway, networkOf, type RouteTable } from "./state.ts";
import { requireOwn } from "./visible.ts";

/** What removes parts of a network; EC2 refuses to remove a part that another one needs. */
export const operations = {
  DisassociateRouteTable: {
    authorize: ({ AssociationId = "" }, call) => [
      authorizeResource(call, "route-table", tableWith(call, AssociationId)?.id),
    ],
    run({ AssociationId = "" }, call) {
      const table = tableWith(call, AssociationId);
      if (!table) {
        throw new AwsError("InvalidAssociationID.NotFound", `The association ID '${AssociationId}' does not exist`);
      }
      if (!table.subnets.delete(AssociationId)) {
        throw new AwsError(
          "InvalidParameterValue",
          `cannot disassociate the main route table association ${AssociationId}`,
        );
      }
    },
  },
  DeleteRoute: {
    authorize: ({ RouteTableId }, call) => [authorizeResource(call, "route-table", RouteTableId)],
    run({ RouteTableId, DestinationCidrBlock: destination }, call) {
      const { id, routes } = requireTable(call, RouteTableId);
      const at = routes.findIndex((route) => route.destination === destination);
      if (at < 0) {
        const message = `no route with destination-cidr-block ${destination} in route table ${id}`;
        throw new AwsError("InvalidRoute.NotFound", message);
      }
      if (routes[at]?.target === "local") {
        throw new AwsError("InvalidParameterValue", `cannot remove local route ${destination} in route table ${id}`);
      }
      routes.splice(at, 1);
    },
  },
  DeleteRouteTable: {
    authorize: ({ RouteTableId }, call) => [authorizeResource(call, "route-table", RouteTableId)],
    run({ RouteTableId }, call) {
      const { id, main, subnets } = requireTable(call, RouteTableId);
      if (main || subnets.size > 0) throw hasDependencies("routeTable", id);
      networkOf(call.aws, call).routeTables.delete(id);
      forgetTags(call, id);
    },
  },
  DetachInternetGateway: {
    authorize: ({ InternetGatewayId, VpcId }, call) => [
      authorizeResource(call, "internet-gateway", InternetGatewayId),
      authorizeResource(call, "vpc", VpcId),
    ],
    run({ InternetGatewayId, VpcId = "" }, call) {
      const gateway = requireGateway(call, InternetGatewayId);
      if (gateway.vpcId !== VpcId) {
        throw new AwsError("Gateway.NotAttached", `resource ${gateway.id} is not attached to network ${VpcId}`);
      }
      const { natGateways } = networkOf(call.aws, call);
      if ([...natGateways.values()].some((nat) => nat.vpcId === VpcId && nat.connectivity === "public")) {
        const message = `Network ${VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
        throw new AwsError("DependencyViolation", message);
      }
      gateway.vpcId = undefined;
    },
  },
  DeleteInternetGateway: {
    authorize: ({ InternetGatewayId }, call) => [authorizeResource(call, "internet-gateway", InternetGatewayId)],
    run({ InternetGatewayId }, call) {
      const { id, vpcId } = requireGateway(call, InternetGatewayId);
      if (vpcId !== undefined) throw hasDependencies("internetGateway", id);
      networkOf(call.aws, call).internetGateways.delete(id);
      forgetTags(call, id);
    },
  },
  /** Also deletes its main route table and its default security group. */
  DeleteVpc: {
    authorize: ({ VpcId }, call) => [authorizeResource(call, "vpc", VpcId)],
    run({ VpcId }, call) {
      const network = networkOf(call.aws, call);
      const { id, defaultGroupId } = requireOwn(network.vpcs, VpcId, "InvalidVpcID.NotFound", "vpc");
      const { securityGroups } = call.aws.state(ec2State, call.account, call.region);
      const { subnets, internetGateways, natGateways, endpoints } = network;
      const inside = [subnets, internetGateways, natGateways, endpoints].flatMap((all) => [...all.values()]);
      const main = [...network.routeTables.values()].filter(({ vpcId }) => vpcId === id);
      const groups = [...securityGroups.values()].filter((group) => group.vpcId === id && group.id !== defaultGroupId);
      if (inside.some(({ vpcId }) => vpcId === id) || main.some((table) => !table.main) || groups.length > 0) {
        throw hasDependencies("vpc", id);
      }
      network.vpcs.delete(id);
      securityGroups.delete(defaultGroupId);
      for (const table of main) network.routeTables.delete(table.id);
      forgetTags(call, id, defaultGroupId, ...main.map((table) => table.id));
    },
  },
} satisfies Operations<typeof Sdk>;

const requireTable = (call: Call, id: string | undefined): RouteTable =>
  requireOwn(networkOf(call.aws, call).routeTables, id, "InvalidRouteTableID.NotFound", "routeTable");

const requireGateway = (call: Call, id: string | undefined): InternetGateway =>
  requireOwn(networkOf(call.aws, call).internetGateways, id, "InvalidInternetGatewayID.NotFound", "internetGateway");

/** The route table with an association; that of a main table is named after it. */
const tableWith = (call: Call, association: string): RouteTable | undefined =>
  [...networkOf(call.aws, call).routeTables.values()].find(
    ({ id, main, subnets }) => subnets.has(association) || (main && association === mainAssociation(id)),
  );

/** The id of the association that a main table has with its VPC. */
export const mainAssociation = (table: string): string => `rtbassoc-${table.slice("rtb-".length)}`;

const hasDependencies = (kind: string, id: string): AwsError =>
  new AwsError("DependencyViolation", `The ${kind} '${id}' has dependencies and cannot be deleted.`);

function forgetTags({ aws, account, region }: Call, ...ids: readonly string[]): void {
  const { tags } = aws.state(ec2State, account, region);
  for (const id of ids) tags.delete(id);
}
