import type { Factory } from "../factory/factory-schema.ts";
import type { IdOrTag, Network } from "../factory/network-schema.ts";

/** The network in which one image is built and tested. An infrastructure configuration has one subnet. */
export interface BuildNetwork {
  readonly vpcId: IdOrTag;
  readonly subnetId: IdOrTag;
  /** Absent: the security group that the stack creates in the VPC. */
  readonly securityGroupIds?: readonly IdOrTag[];
  readonly publicIp: boolean;
}

/**
 * An image's network: its own settings override the factory's. If there are several subnets, the image's position in the
 * config selects one, so that an Availability Zone without capacity does not stop all images.
 * @returns undefined if images are built in the region's default VPC
 */
export function buildNetworkOf({ network, images }: Pick<Factory, "network" | "images">, image: string) {
  const own = images[image]?.network ?? {};
  const merged = mergeNetworks(network, own);
  if (!merged) return undefined;
  const position = Object.keys(images).indexOf(image);
  const subnetId = merged.subnetIds[position % merged.subnetIds.length] as IdOrTag;
  const { vpcId, securityGroupIds, publicIp } = merged;
  return { vpcId, subnetId, publicIp, ...(securityGroupIds && { securityGroupIds }) } satisfies BuildNetwork;
}

/** Security groups of the factory are dropped if the image has another VPC. */
function mergeNetworks(
  network: Network | undefined,
  own: NonNullable<Factory["images"][string]["network"]>,
): Network | undefined {
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  const { securityGroupIds: _, ...base } = network ?? {};
  const merged = own.vpcId ? { ...base, ...given } : { ...network, ...given };
  if (!("vpcId" in merged && "subnetIds" in merged)) return undefined;
  return { publicIp: false, ...merged } as Network;
}
