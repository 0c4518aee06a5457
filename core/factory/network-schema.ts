import * as z from "zod";
import { accountId, regionSchema } from "./values.ts";

const tagKey = z.string().regex(/^(?!aws:|amint:|CreatedBy$|Ec2ImageBuilderArn$)[\w\s.:/=+@-]{1,127}$/i, {
  error:
    'a tag key of 1 to 127 characters that does not begin with "aws:" or "amint:" and is not one of Image Builder\'s, "CreatedBy" and "Ec2ImageBuilderArn"',
});

const tagValue = z.string().regex(/^[\w\s.:/=+@-]{0,255}$/, { error: "a tag value of at most 255 characters" });

/** AWS allows 50 tags for each resource (EC2 user guide, "Tag restrictions"); Amint adds some. */
export const tagsSchema = z
  .record(tagKey, tagValue)
  .refine((tags) => Object.keys(tags).length <= 40, {
    error: "at most 40 tags; AWS allows 50 for each resource, and Amint adds its own",
  })
  .meta({ title: "tags" });

/** Any tags of a resource, those of AWS included. */
const tagSchema = z
  .record(z.string().min(1).max(127), z.string().max(255))
  .refine((tags) => Object.keys(tags).length > 0, { error: 'at least one tag such as { Name: "image-builds" }' });

const byTag = z.strictObject({
  /**
   * Tags that exactly one resource of the region has. The resource is looked up at each deployment, not at each build.
   * @example { Name: "image-builds" }
   */
  tag: tagSchema,
});

/** An EC2 resource by its ID, or by tags that exactly one has. */
const idOrTag = (prefix: "vpc" | "subnet" | "sg", what: string) => {
  const error = `${what} ID such as "${prefix}-0a1b2c3d4e5f67890", or { tag: { Name: "image-builds" } }`;
  const id = z.string().regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), { error });
  return z.union([id, byTag], { error });
};

const subnetId = idOrTag("subnet", "a subnet");

export type IdOrTag = z.output<typeof subnetId>;

const consumerSubnet = z.union([byTag, z.record(regionSchema, subnetId)], {
  error: '{ tag: { Name: "..." } }, or a subnet for each region: { "eu-west-1": "subnet-0a1b2c3d4e5f67890" }',
});

/** Subnets of consumer accounts, by account; one subnet for all regions by tag, or one for each region. */
export const consumerSubnetsSchema = z.record(
  z.union([accountId, z.literal("*")], { error: '"*" or a 12-digit account ID such as "111122223333"' }),
  consumerSubnet,
);

const securityGroupIds = z.array(idOrTag("sg", "a security group")).min(1).max(5);

const subnetIds = z.array(subnetId).min(1);

/** Where images are built and tested. A VPC and subnets that are shared through RAM are named by ID. */
export const networkSchema = z.strictObject({
  /**
   * The VPC of building and testing instances.
   * @example "vpc-0a1b2c3d4e5f67890"
   */
  vpcId: idOrTag("vpc", "a VPC"),
  /**
   * Subnets of the VPC. Images are distributed over them in their order in the config; each image uses one, because an
   * Image Builder infrastructure configuration has one.
   * @example ["subnet-0a1b2c3d4e5f67890"]
   */
  subnetIds,
  /**
   * Existing security groups for the instances.
   * @defaultValue a group that the stack creates: no inbound traffic, outbound TCP 443 and 80
   * @example ["sg-0a1b2c3d4e5f67890"]
   */
  securityGroupIds: securityGroupIds.optional(),
  /**
   * Set `true` if instances need public IP addresses: the subnets are public and have no NAT. Image Builder cannot request
   * an address; the subnet must assign public IPv4 addresses automatically.
   * @example true
   */
  publicIp: z.boolean().default(false),
});

/** What differs from the factory's network for one image. */
export const imageNetworkSchema = z
  .strictObject({
    /**
     * Another VPC for this image. Requires `subnetIds`.
     * @defaultValue the factory's `network.vpcId`
     * @example "vpc-0a1b2c3d4e5f67890"
     */
    vpcId: idOrTag("vpc", "a VPC").optional(),
    /**
     * Subnets for this image.
     * @defaultValue the factory's `network.subnetIds`
     * @example ["subnet-0a1b2c3d4e5f67890"]
     */
    subnetIds: subnetIds.optional(),
    /**
     * Security groups for this image.
     * @defaultValue the factory's `network.securityGroupIds`; with another `vpcId`, a group that the stack creates
     * @example ["sg-0a1b2c3d4e5f67890"]
     */
    securityGroupIds: securityGroupIds.optional(),
    /**
     * Whether this image's instances need public IP addresses.
     * @defaultValue the factory's `network.publicIp`
     * @example true
     */
    publicIp: z.boolean().optional(),
  })
  .refine(({ vpcId, subnetIds: subnets }) => vpcId === undefined || subnets !== undefined, {
    path: ["subnetIds"],
    error: "subnets of the VPC that network.vpcId names",
  });

export type Network = z.output<typeof networkSchema>;

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/([\w+=,.@/-]+\/)?[\w+=,.@-]{1,64}$/;

/** A role of the factory's account. */
export const roleSchema = z.string().refine((role) => ROLE_NAME.test(role) || ROLE_ARN.test(role), {
  error: 'a role name or ARN such as "arn:aws:iam::111122223333:role/image-builds"',
});

/** Parameters of the factory's account in the build region. A bare `*` is refused: `managedCore` allows that. */
export const parameterPatternSchema = z.string().regex(/^(\/?[\w.-]+)(\/[\w.-]+)*(\/\*)?$/, {
  error: 'the name of a parameter such as "/builds/token", or those below a path such as "/builds/*"',
});

/** A customer managed policy of the factory's account, or one of AWS. */
export const boundarySchema = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/([\w+=,.@/-]+\/)?[\w+=,.@-]{1,128}$/, {
    error: 'the ARN of a managed policy such as "arn:aws:iam::111122223333:policy/boundary"',
  });

export const instanceTypeSchema = z
  .string()
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: 'an instance type such as "m7i.large"' })
  .meta({ title: "instance type" });
