import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { zonesOf } from "../regions.ts";
import { addTags } from "../resource-tags.ts";
import { addEndpoint } from "./endpoints.ts";
import { derivedId, mainTable, type Network, networkOf, type Subnet } from "./state.ts";

/**
 * How a VPC's private subnets reach the internet: by a NAT gateway, by a transit gateway (assumed to lead there), or
 * not at all.
 */
type Egress = "nat" | "transit-gateway" | "none";

export interface NetworkSeed {
  readonly region: string;
  /** Its tag `Name`. Subnets are `<name>-private-a`, `<name>-public-a` and so on. */
  readonly name: string;
  /** A /16; default `10.0.0.0/16`. */
  readonly cidr?: string | undefined;
  /** Omitted: generated. */
  readonly vpcId?: string | undefined;
  /** Ids of the private subnets, in the order of their zones; omitted ones are generated. */
  readonly subnetIds?: readonly string[] | undefined;
  /** Default `nat`. */
  readonly egress?: Egress | undefined;
  /** Services with a VPC endpoint: `ssm`, `s3`. */
  readonly endpoints?: readonly string[] | undefined;
}

/** A VPC with a private subnet in each zone, for seeds. The same seed gives the same ids. */
export function seedNetwork(aws: EmbeddedAws, account: string, seed: NetworkSeed): void {
  const { region, name, cidr = "10.0.0.0/16", egress = "nat", endpoints = [] } = seed;
  const place = { account, region };
  const network = networkOf(aws, place);
  const id = (prefix: string, what: string) => derivedId(prefix, place, `${name}/${what}`);
  const named = (resource: string, value: string) => addTags(aws, place, resource, [["Name", value]]);
  const vpcId = seed.vpcId ?? id("vpc", "vpc");
  network.vpcs.set(vpcId, { id: vpcId, owner: account, cidr, isDefault: false, defaultGroupId: id("sg", "default") });
  named(vpcId, name);
  const main = mainTable(id("rtb", "main"), vpcId, cidr);
  network.routeTables.set(main.id, main);
  const addSubnet = (kind: "private" | "public", index: number): Subnet => {
    const zone = zonesOf(region)[index] ?? { name: "", id: "" };
    const letter = zone.name.slice(region.length);
    const subnet: Subnet = {
      id: (kind === "private" && seed.subnetIds?.[index]) || id("subnet", `${kind}/${letter}`),
      vpcId,
      owner: account,
      zone,
      cidr: cidr.replace(/\.0\.0\/16$/, `.${(kind === "private" ? 0 : 128) + index * 16}.0/20`),
      isDefault: false,
      mapsPublicIp: kind === "public",
    };
    network.subnets.set(subnet.id, subnet);
    named(subnet.id, `${name}-${kind}-${letter}`);
    return subnet;
  };
  const privates = zonesOf(region).map((_, index) => addSubnet("private", index));
  if (egress === "nat") {
    const inPublic = addSubnet("public", 0);
    main.routes.push({ destination: "0.0.0.0/0", target: addNat(network, inPublic, id, aws.clock.now()) });
  }
  if (egress === "transit-gateway") main.routes.push({ destination: "0.0.0.0/0", target: id("tgw", "tgw") });
  for (const service of endpoints) {
    const type = service === "s3" || service === "dynamodb" ? "Gateway" : "Interface";
    const endpoint = {
      id: id("vpce", service),
      vpcId,
      serviceName: `com.amazonaws.${region}.${service}`,
      type,
      subnetIds: type === "Interface" ? privates.map((subnet) => subnet.id) : [],
      groupIds: type === "Interface" ? [id("sg", "default")] : [],
      privateDns: type === "Interface",
      routeTableIds: type === "Gateway" ? [main.id] : [],
      policy: undefined,
      createdAt: aws.clock.now(),
    } as const;
    addEndpoint(network, endpoint, region);
  }
}

/** A NAT gateway in a public subnet, whose route table leads to an internet gateway. */
function addNat(
  network: Network,
  subnet: Subnet,
  id: (prefix: string, what: string) => string,
  createdAt: number,
): string {
  const { vpcId } = subnet;
  const gateway = id("igw", "igw");
  network.internetGateways.set(gateway, { id: gateway, vpcId });
  const table = id("rtb", "public");
  const routes = [
    ...[...network.routeTables.values()].filter((one) => one.vpcId === vpcId).flatMap((one) => one.routes),
    { destination: "0.0.0.0/0", target: gateway },
  ];
  const subnets = new Map([[`rtbassoc-${id("", "public").slice(1)}`, subnet.id]]);
  network.routeTables.set(table, { id: table, vpcId, main: false, routes, subnets });
  const allocationId = id("eipalloc", "nat");
  network.addresses.set(allocationId, `203.0.113.${1 + (network.addresses.size % 254)}`);
  const nat = id("nat", "nat");
  network.natGateways.set(nat, {
    id: nat,
    vpcId,
    subnetId: subnet.id,
    connectivity: "public",
    allocationId,
    createdAt,
  });
  return nat;
}
