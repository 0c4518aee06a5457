import { createHash } from "node:crypto";
import { zonesOf } from "./regions.ts";

export interface DefaultSubnet {
  readonly id: string;
  readonly zone: { readonly name: string; readonly id: string };
  readonly cidr: string;
}

export interface DefaultNetwork {
  readonly vpcId: string;
  readonly cidr: string;
  readonly subnets: readonly DefaultSubnet[];
  /** The group that every VPC is born with. */
  readonly defaultGroupId: string;
}

/** Every account has a default VPC in every region, with a subnet in each zone. The same account and region, the same ids. */
export function defaultNetwork(account: string, region: string): DefaultNetwork {
  const id = (what: string) => createHash("sha256").update(`${account}/${region}/${what}`).digest("hex").slice(0, 17);
  return {
    vpcId: `vpc-${id("vpc")}`,
    cidr: "172.31.0.0/16",
    subnets: zonesOf(region).map((zone, index) => ({
      id: `subnet-${id(zone.name)}`,
      zone,
      cidr: `172.31.${index * 16}.0/20`,
    })),
    defaultGroupId: `sg-${id("default")}`,
  };
}
