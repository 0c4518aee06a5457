import { type BuildNetwork, buildNetworkOf } from "../../core/build/build-network.ts";
import type { IdOrTag } from "../../core/factory/network-schema.ts";
import { factory } from "../program/factory.ts";
import { logicalName, resourceName, tags } from "../resources/deployment.ts";

/** The network settings of an infrastructure configuration. */
interface Placement {
  readonly subnetId?: $util.Input<string>;
  readonly securityGroupIds: $util.Input<string>[];
}

const named = (value: IdOrTag): string => (typeof value === "string" ? value : Object.values(value.tag).join(" "));

/** The id of a resource in the config. One named by tags is looked up once, at deployment; exactly one must have the tags. */
function idOf(what: string, value: IdOrTag, find: (tag: Record<string, string>) => $util.Input<string>) {
  if (typeof value === "string") return value;
  const key = `${what} ${JSON.stringify(value.tag)}`;
  const known = found.get(key) ?? find(value.tag);
  found.set(key, known);
  return known;
}

const found = new Map<string, $util.Input<string>>();

const vpcIdOf = (vpc: IdOrTag): $util.Input<string> =>
  idOf("vpc", vpc, (tag) => aws.ec2.getVpcOutput({ tags: tag }).id);

const subnetIdOf = ({ vpcId, subnetId }: BuildNetwork): $util.Input<string> =>
  idOf(
    `subnet of ${named(vpcId)}`,
    subnetId,
    (tag) => aws.ec2.getSubnetOutput({ vpcId: vpcIdOf(vpcId), tags: tag }).id,
  );

const open = (port: number, description: string) => ({
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  cidrBlocks: ["0.0.0.0/0"],
  description,
});

const groups = new Map<string, aws.ec2.SecurityGroup>();

/** One for each VPC. Without ingress: Systems Manager uses connections that the instance opens. */
function ownGroup(vpc: IdOrTag | undefined): aws.ec2.SecurityGroup {
  const key = vpc === undefined ? "" : JSON.stringify(vpc);
  const known = groups.get(key);
  if (known) return known;
  // The group in the factory's own network has the plain name; those of images' networks have a suffix.
  const suffix = vpc === undefined || key === JSON.stringify(factory.network?.vpcId) ? "" : named(vpc);
  const made = new aws.ec2.SecurityGroup(`BuildInstances${logicalName(suffix)}`, {
    name: resourceName(["build-instances", suffix].filter(Boolean).join("-"), 255),
    description: "Instances that build and test images",
    ...(vpc !== undefined && { vpcId: vpcIdOf(vpc) }),
    ingress: [],
    egress: [open(443, "AWS and package repositories"), open(80, "package repositories that sign what they serve")],
    tags,
  });
  groups.set(key, made);
  return made;
}

/** The network in which an image is built: the configured one, or the region's default VPC. */
export function placementOf(image: string): Placement {
  const network = buildNetworkOf(factory, image);
  if (!network) return { securityGroupIds: [ownGroup(undefined).id] };
  const given = network.securityGroupIds?.map((group) =>
    idOf(
      `group of ${named(network.vpcId)}`,
      group,
      (tag) => aws.ec2.getSecurityGroupOutput({ vpcId: vpcIdOf(network.vpcId), tags: tag }).id,
    ),
  );
  return { subnetId: subnetIdOf(network), securityGroupIds: given ?? [ownGroup(network.vpcId).id] };
}
