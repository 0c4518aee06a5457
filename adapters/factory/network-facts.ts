import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type RouteTable,
  type Subnet,
} from "@aws-sdk/client-ec2";
import type { IdOrTag } from "../../core/factory/network-schema.ts";
import type { Egress, SubnetFacts } from "../../core/factory/preflight/decide-network.ts";

/** An unknown id finds nothing: `InvalidVpcID.NotFound`, `InvalidSubnetID.NotFound`, `InvalidGroup.NotFound`. */
async function unlessNotFound<T>(find: () => Promise<T[]>): Promise<T[]> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof Error && /\.NotFound$/.test(error.name)) return [];
    throw error;
  }
}

const tagFilters = ({ tag }: Exclude<IdOrTag, string>) =>
  Object.entries(tag).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));

/** The id of a VPC that the account can use; undefined where it sees none, or several. */
export async function findVpc(client: EC2Client, wanted: IdOrTag | undefined): Promise<string | undefined> {
  const found = await unlessNotFound(async () => {
    const asked =
      wanted === undefined
        ? { Filters: [{ Name: "is-default", Values: ["true"] }] }
        : typeof wanted === "string"
          ? { VpcIds: [wanted] }
          : { Filters: tagFilters(wanted) };
    return (await client.send(new DescribeVpcsCommand(asked))).Vpcs ?? [];
  });
  return found.length === 1 ? found[0]?.VpcId : undefined;
}

/** A subnet with its route to the internet and its reachable endpoints. */
export async function findSubnet(
  client: EC2Client,
  wanted: IdOrTag,
  vpcId: string,
): Promise<Pick<SubnetFacts, "found" | "endpoints">> {
  const [subnet, ...others] = await unlessNotFound(async () => {
    const Filters =
      typeof wanted === "string" ? undefined : [...tagFilters(wanted), { Name: "vpc-id", Values: [vpcId] }];
    const asked = typeof wanted === "string" ? { SubnetIds: [wanted] } : { Filters };
    return (await client.send(new DescribeSubnetsCommand(asked))).Subnets ?? [];
  });
  return subnet && others.length === 0 ? withRoutes(client, subnet) : { found: undefined, endpoints: [] };
}

/** The subnets of a default VPC. */
export async function findDefaultSubnets(client: EC2Client, vpcId: string) {
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const { Subnets = [] } = await client.send(new DescribeSubnetsCommand({ Filters }));
  return Promise.all(Subnets.map((subnet) => withRoutes(client, subnet)));
}

async function withRoutes(client: EC2Client, subnet: Subnet): Promise<Pick<SubnetFacts, "found" | "endpoints">> {
  const { SubnetId: id = "", VpcId: vpcId = "", MapPublicIpOnLaunch: mapsPublicIp = false } = subnet;
  const table = await findRouteTable(client, id, vpcId);
  return {
    found: { id, vpcId, mapsPublicIp, egress: egressOf(table) },
    endpoints: await findEndpoints(client, vpcId, table?.RouteTableId),
  };
}

/** The subnet's own route table, or the VPC's main one. */
async function findRouteTable(client: EC2Client, subnetId: string, vpcId: string): Promise<RouteTable | undefined> {
  const ask = async (...Filters: { Name: string; Values: string[] }[]) =>
    (await client.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables?.[0];
  const own = await ask({ Name: "association.subnet-id", Values: [subnetId] });
  return own ?? (await ask({ Name: "vpc-id", Values: [vpcId] }, { Name: "association.main", Values: ["true"] }));
}

function egressOf(table: RouteTable | undefined): Egress {
  if (!table) return "unseen";
  const route = table.Routes?.find((one) => one.DestinationCidrBlock === "0.0.0.0/0" && one.State !== "blackhole");
  if (!route) return "none";
  if (route.NatGatewayId) return "nat";
  return route.GatewayId?.startsWith("igw-") ? "internet-gateway" : "other";
}

/** The last part of service names, such as `ssm` in `com.amazonaws.eu-west-1.ssm`. */
async function findEndpoints(client: EC2Client, vpcId: string, table: string | undefined): Promise<string[]> {
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const { VpcEndpoints = [] } = await client.send(new DescribeVpcEndpointsCommand({ Filters }));
  return VpcEndpoints.filter(({ VpcEndpointType, PrivateDnsEnabled, RouteTableIds = [] }) =>
    VpcEndpointType === "Gateway" ? RouteTableIds.includes(table ?? "") : PrivateDnsEnabled,
  ).map(({ ServiceName = "" }) => ServiceName.slice(ServiceName.lastIndexOf(".") + 1));
}

/** The VPC of a security group; undefined where the account cannot see the group. */
export async function findGroupVpc(client: EC2Client, wanted: IdOrTag, vpcId: string): Promise<string | undefined> {
  const [group] = await unlessNotFound(async () => {
    const asked =
      typeof wanted === "string"
        ? { GroupIds: [wanted] }
        : { Filters: [...tagFilters(wanted), { Name: "vpc-id", Values: [vpcId] }] };
    return (await client.send(new DescribeSecurityGroupsCommand(asked))).SecurityGroups ?? [];
  });
  return group?.VpcId;
}
