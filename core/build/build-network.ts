import type { Factory } from "../factory/factory-schema.ts";
import type { IdOrTag, Network } from "../factory/network-schema.ts";

/** Where one image is built and tested: one subnet, because an infrastructure configuration has no more. */
export interface BuildNetwork {
  readonly vpcId: IdOrTag;
  readonly subnetId: IdOrTag;
  /** Left out: the security group that the stack makes in the VPC. */
  readonly securityGroupIds?: readonly IdOrTag[];
  readonly publicIp: boolean;
}

/**
 * An image's network: its own settings over the factory's. Of several subnets the image takes one by its position among
 * the factory's images, so that a zone without capacity does not stop all of them.
 * @returns undefined where images are built in the region's default VPC
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

/** In another VPC the factory's security groups cannot be used. */
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
