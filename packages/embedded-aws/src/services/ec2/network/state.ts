import { createHash } from "node:crypto";
import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { zonesOf } from "../regions.ts";

export interface Place {
  readonly account: string;
  readonly region: string;
}

export interface Vpc {
  readonly id: string;
  readonly owner: string;
  readonly cidr: string;
  readonly isDefault: boolean;
  /** The default group that every VPC has. */
  readonly defaultGroupId: string;
  /** Attributes that were changed. */
  dns?: { readonly EnableDnsSupport?: boolean; readonly EnableDnsHostnames?: boolean };
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly owner: string;
  readonly zone: { readonly name: string; readonly id: string };
  readonly cidr: string;
  readonly isDefault: boolean;
  /** Whether instances get a public IPv4 address by default. */
  mapsPublicIp: boolean;
}

/** A route; the prefix of the target's id gives its type; `local` stays in the VPC. */
export interface Route {
  /** A CIDR block, or a prefix list. */
  readonly destination: string;
  readonly target: string;
}

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  readonly main: boolean;
  readonly routes: Route[];
  /** Subnets by association id; the main table applies to all others. */
  readonly subnets: Map<string, string>;
}

export interface InternetGateway {
  readonly id: string;
  /** Undefined: not attached. */
  vpcId: string | undefined;
}

export interface NatGateway {
  readonly id: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly connectivity: "public" | "private";
  readonly allocationId: string | undefined;
  readonly createdAt: number;
}

export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  /** `com.amazonaws.eu-west-1.ssm` */
  readonly serviceName: string;
  readonly type: "Gateway" | "Interface";
  /** For interface endpoints. */
  readonly subnetIds: readonly string[];
  readonly groupIds: readonly string[];
  /** Whether the service's usual name resolves to the endpoint. */
  readonly privateDns: boolean;
  /** For gateway endpoints. */
  readonly routeTableIds: readonly string[];
  readonly policy: string | undefined;
  readonly createdAt: number;
}

export interface Network {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly routeTables: Map<string, RouteTable>;
  readonly internetGateways: Map<string, InternetGateway>;
  readonly natGateways: Map<string, NatGateway>;
  readonly endpoints: Map<string, VpcEndpoint>;
  /** Elastic IP addresses by allocation id. */
  readonly addresses: Map<string, string>;
  /** Whether the default VPC was created, or must not be. */
  begun: boolean;
}

const networks = defineState<Network>("ec2.network", () => ({
  vpcs: new Map(),
  subnets: new Map(),
  routeTables: new Map(),
  internetGateways: new Map(),
  natGateways: new Map(),
  endpoints: new Map(),
  addresses: new Map(),
  begun: false,
}));

/** Accounts whose default VPCs were deleted, as landing zones do. */
const accountsWithout = defineState<Set<string>>("ec2.network.without-default-vpc", () => new Set());

/** From now on the account has no default VPC in any region. */
export const removeDefaultVpcs = (aws: EmbeddedAws, account: string): void => {
  aws.state(accountsWithout, "", "").add(account);
};

/** The account's own network in a region, including its default VPC. */
export function networkOf(aws: EmbeddedAws, { account, region }: Place): Network {
  const network = aws.state(networks, account, region);
  if (!network.begun) {
    network.begun = true;
    if (!aws.state(accountsWithout, "", "").has(account)) addDefaultVpc(network, account, region);
  }
  return network;
}

/** An id for a resource that no request created. The same account, region and name give the same id. */
export const derivedId = (prefix: string, { account, region }: Place, what: string): string =>
  `${prefix}-${createHash("sha256").update(`${account}/${region}/${what}`).digest("hex").slice(0, 17)}`;

/** A VPC with a public subnet in each zone (VPC user guide, "Default VPC components"). */
function addDefaultVpc(network: Network, account: string, region: string): void {
  const place = { account, region };
  const vpcId = derivedId("vpc", place, "vpc");
  const defaultGroupId = derivedId("sg", place, "default");
  network.vpcs.set(vpcId, { id: vpcId, owner: account, cidr: "172.31.0.0/16", isDefault: true, defaultGroupId });
  for (const [index, zone] of zonesOf(region).entries()) {
    const id = derivedId("subnet", place, zone.name);
    const cidr = `172.31.${index * 16}.0/20`;
    network.subnets.set(id, { id, vpcId, owner: account, zone, cidr, isDefault: true, mapsPublicIp: true });
  }
  const gateway = derivedId("igw", place, "igw");
  network.internetGateways.set(gateway, { id: gateway, vpcId });
  const table = mainTable(derivedId("rtb", place, "main"), vpcId, "172.31.0.0/16");
  table.routes.push({ destination: "0.0.0.0/0", target: gateway });
  network.routeTables.set(table.id, table);
}

export const mainTable = (id: string, vpcId: string, cidr: string): RouteTable => ({
  id,
  vpcId,
  main: true,
  routes: [{ destination: cidr, target: "local" }],
  subnets: new Map(),
});

export const tableOf = (network: Network, subnet: Subnet): RouteTable | undefined => {
  const tables = [...network.routeTables.values()].filter(({ vpcId }) => vpcId === subnet.vpcId);
  return tables.find(({ subnets }) => [...subnets.values()].includes(subnet.id)) ?? tables.find(({ main }) => main);
};
