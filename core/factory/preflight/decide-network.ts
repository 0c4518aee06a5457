import { type Check, fails, fine } from "./check.ts";

/** How a subnet's default route leaves the VPC; `unseen`: another account owns its route table, and EC2 does not show it. */
export type Egress = "internet-gateway" | "nat" | "other" | "none" | "unseen";

export interface SubnetFacts {
  /** `network.subnetIds[0]` */
  readonly where: string;
  readonly wanted: string;
  /** Undefined: EC2 shows no such subnet in the build region. */
  readonly found:
    | { readonly id: string; readonly vpcId: string; readonly mapsPublicIp: boolean; readonly egress: Egress }
    | undefined;
  /** Services with an endpoint that the subnet reaches: `ssm`, `s3`. */
  readonly endpoints: readonly string[];
}

export interface NetworkFacts {
  /** `network`, or `images.<name>.network`. */
  readonly where: string;
  readonly region: string;
  /** Undefined: the region's default VPC. */
  readonly wanted: string | undefined;
  readonly vpcId: string | undefined;
  readonly subnets: readonly SubnetFacts[];
  readonly groups: readonly { readonly where: string; readonly wanted: string; readonly vpcId: string | undefined }[];
  /** Container images are built here: AWS requires the internet for them (docs/network.md). */
  readonly containers: boolean;
}

/** Without these no build starts (docs/network.md, "What a build must reach"). */
const NEEDED = ["ssm", "ssmmessages", "imagebuilder", "s3"];

/** Decides whether build instances can start in the configured network and reach what they need. */
export function decideNetwork(facts: NetworkFacts): Check[] {
  const { where, region, wanted, vpcId, subnets, groups } = facts;
  const subject = { check: "network", where: wanted === undefined ? where : `${where}.vpcId` };
  if (vpcId === undefined) {
    return wanted === undefined
      ? [
          fails(
            subject,
            `no default VPC in ${region}`,
            "the deployment: VPCIdNotSpecified",
            "set network.vpcId and network.subnetIds in factory.config.ts",
          ),
        ]
      : [
          fails(
            subject,
            `no VPC ${wanted} in ${region}: it is in another region, or another account has it and does not share its subnets`,
            "the deployment",
            "name a VPC of this account and region, or share its subnets with the account through RAM",
          ),
        ];
  }
  if (subnets.length === 0) {
    return [
      fails(
        subject,
        `the default VPC ${vpcId} has no subnets`,
        "builds: MissingInput, no subnets found for the default VPC",
        `aws ec2 create-default-subnet --availability-zone ${region}a, or set network.vpcId and network.subnetIds`,
      ),
    ];
  }
  const faults = [
    ...subnets.flatMap((subnet) => decideSubnet(subnet, vpcId, facts)),
    ...groups
      .filter((group) => group.vpcId !== vpcId)
      .map((group) =>
        fails(
          { check: "network", where: group.where },
          group.vpcId
            ? `${group.wanted} is in ${group.vpcId}, not in ${vpcId}`
            : `no security group ${group.wanted} in ${region}`,
          "builds: InvalidParameter, security group and subnet belong to different networks",
          `name a security group of ${vpcId}`,
        ),
      ),
  ];
  return faults.length > 0 ? faults : [fine(subject, `${vpcId}, ${subnets.map((one) => sayWay(one)).join(", ")}`)];
}

function decideSubnet(facts: SubnetFacts, vpcId: string, { region, containers }: NetworkFacts): Check[] {
  const { where, wanted, found, endpoints } = facts;
  const subject = { check: "network", where };
  const says = (what: string, breaks: string, fix: string) => [fails(subject, what, breaks, fix)];
  if (!found)
    return says(
      `no subnet ${wanted} in ${region}`,
      "the deployment, or builds: InvalidSubnetID.NotFound",
      `name a subnet of ${vpcId}`,
    );
  const { id, egress, mapsPublicIp } = found;
  if (found.vpcId !== vpcId) {
    return says(
      `${id} is in ${found.vpcId}, not in ${vpcId}`,
      "builds: their security group is in another VPC",
      `name a subnet of ${vpcId}`,
    );
  }
  if (egress === "internet-gateway" && mapsPublicIp) return [];
  if (egress === "nat" || egress === "other" || egress === "unseen") return [];
  const missing = NEEDED.filter((service) => !endpoints.includes(service));
  if (missing.length === 0 && !containers) return [];
  const route =
    egress === "internet-gateway"
      ? "routes to an internet gateway, and gives instances no public address"
      : "has no route to the internet";
  const lacks = missing.length > 0 ? `, and no endpoint for ${missing.join(", ")}` : "";
  const fix =
    egress === "internet-gateway"
      ? `aws ec2 modify-subnet-attribute --subnet-id ${id} --map-public-ip-on-launch, or a subnet with a NAT gateway`
      : "route it to a NAT gateway, or make the endpoints that docs/network.md lists (containers need the internet)";
  return says(`${id} ${route}${lacks}`, "builds: their instances never answer to Systems Manager", fix);
}

const WAYS: Readonly<Record<Egress, string>> = {
  "internet-gateway": "internet gateway",
  nat: "NAT gateway",
  other: "a route beyond the VPC",
  none: "VPC endpoints",
  unseen: "routes that its owner does not show",
};

const sayWay = ({ found }: SubnetFacts): string => (found ? `${found.id} by ${WAYS[found.egress]}` : "");
