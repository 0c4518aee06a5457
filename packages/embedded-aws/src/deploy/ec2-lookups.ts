import type * as Sdk from "@aws-sdk/client-ec2";
import type { Inputs } from "./inputs.ts";
import type { Attributes } from "./references.ts";
import type { ResourceType, Site } from "./resource-type.ts";

type Find = (inputs: Inputs, site: Site) => Promise<Attributes>;

/** Nothing is created; references to it are resolved again in each deployment. */
const lookedUp = (find: Find): ResourceType => ({
  create: find,
  update: find,
  refresh: ({ inputs }, site) => find(inputs, site),
  delete: async () => undefined,
});

/** A program's lookup by tags. The error messages are the provider's. */
const lookUp = (kind: string, operation: string, idsOf: (answer: never) => (string | undefined)[]): ResourceType =>
  lookedUp(async (inputs, site) => {
    const vpcId = inputs.maybeText("vpcId");
    const tags = Object.entries(inputs.textMap("tags") ?? {});
    const Filters = [
      ...tags.map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
      ...(vpcId === undefined ? [] : [{ Name: "vpc-id", Values: [vpcId] }]),
    ];
    const [id, ...others] = idsOf(await site.call<never>("ec2", operation, { Filters }));
    if (id === undefined) throw new Error(`no matching EC2 ${kind} found`);
    if (others.length === 0) return { id };
    throw new Error(
      `multiple EC2 ${kind}s matched; use additional constraints to reduce matches to a single EC2 ${kind}`,
    );
  });

export const lookUpVpc = lookUp("VPC", "DescribeVpcs", ({ Vpcs = [] }: Sdk.DescribeVpcsCommandOutput) =>
  Vpcs.map(({ VpcId }) => VpcId),
);

export const lookUpSubnet = lookUp("Subnet", "DescribeSubnets", ({ Subnets = [] }: Sdk.DescribeSubnetsCommandOutput) =>
  Subnets.map(({ SubnetId }) => SubnetId),
);

export const lookUpSecurityGroup = lookUp(
  "Security Group",
  "DescribeSecurityGroups",
  ({ SecurityGroups = [] }: Sdk.DescribeSecurityGroupsCommandOutput) => SecurityGroups.map(({ GroupId }) => GroupId),
);

/**
 * An AMI by owner and filters; the newest of several if the program sets `mostRecent`. The error messages are the
 * provider's.
 */
export const lookUpAmi: ResourceType = lookedUp(async (inputs, site) => {
  const mostRecent = inputs.flag("mostRecent");
  const { Images = [] } = await site.call<Sdk.DescribeImagesCommandOutput>("ec2", "DescribeImages", {
    Owners: inputs.texts("owners"),
    Filters: inputs.list("filters").map((filter) => ({ Name: filter.text("name"), Values: filter.texts("values") })),
  } satisfies Sdk.DescribeImagesCommandInput);
  const [newest, ...others] = Images.toSorted(
    (one, other) => Date.parse(other.CreationDate ?? "") - Date.parse(one.CreationDate ?? ""),
  );
  if (!newest?.ImageId) {
    throw new Error("Your query returned no results. Please change your search criteria and try again.");
  }
  if (others.length > 0 && !mostRecent) {
    throw new Error("Your query returned more than one result. Please try a more specific search criteria");
  }
  return { id: newest.ImageId };
});
