import type { EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { type Network, networkOf, type Subnet, tableOf } from "./state.ts";

/** An instance's network interface, as far as it affects connections. */
export interface Placement {
  readonly subnet: Subnet;
  readonly hasPublicIp: boolean;
}

/** Whether an instance reaches an AWS service's endpoint in its region: through the internet, or a VPC endpoint. */
export function reachesService(aws: EmbeddedAws, region: string, placement: Placement, service: string): boolean {
  const { subnet } = placement;
  const network = networkOf(aws, { account: subnet.owner, region });
  const table = tableOf(network, subnet);
  const throughEndpoint = [...network.endpoints.values()].some(
    ({ vpcId, serviceName, type, privateDns, routeTableIds }) =>
      vpcId === subnet.vpcId &&
      serviceName === `com.amazonaws.${region}.${service}` &&
      (type === "Gateway" ? routeTableIds.includes(table?.id ?? "") : privateDns),
  );
  return throughEndpoint || reachesInternet(network, placement);
}

/** A transit gateway counts as a way to the internet: what is behind it is not known here. */
function reachesInternet(network: Network, { subnet, hasPublicIp }: Placement): boolean {
  const target = tableOf(network, subnet)?.routes.find(({ destination }) => destination === "0.0.0.0/0")?.target ?? "";
  if (target.startsWith("tgw-")) return true;
  if (target.startsWith("igw-")) return hasPublicIp && network.internetGateways.get(target)?.vpcId === subnet.vpcId;
  const nat = network.natGateways.get(target);
  const inSubnet = nat?.connectivity === "public" && network.subnets.get(nat.subnetId);
  return inSubnet ? reachesInternet(network, { subnet: inSubnet, hasPublicIp: true }) : false;
}
