import * as z from "zod";
import { regionSchema } from "./values.ts";

const tagKey = z.string().regex(/^(?!aws:|amint:|CreatedBy$|Ec2ImageBuilderArn$)[\w\s.:/=+@-]{1,127}$/i, {
  error: 'a tag key of at most 127 characters, neither "aws:...", "amint:..." nor one of Image Builder\'s own',
});

const tagValue = z.string().regex(/^[\w\s.:/=+@-]{0,255}$/, { error: "a tag value of at most 255 characters" });

/** AWS allows 50 tags for each resource (EC2 user guide, "Tag restrictions"); ours need some. */
export const tagsSchema = z.record(tagKey, tagValue).refine((tags) => Object.keys(tags).length <= 40, {
  error: "at most 40 tags: AWS allows 50 for each resource",
});

/** Any tags that a resource has, those of AWS included. */
const tagSchema = z
  .record(z.string().min(1).max(127), z.string().max(255))
  .refine((tags) => Object.keys(tags).length > 0, { error: 'at least one tag such as { Name: "image-builds" }' });

const byTag = z.strictObject({ tag: tagSchema });

/** A resource of EC2 by its id, or by tags that exactly one has. */
const idOrTag = (prefix: "vpc" | "subnet" | "sg", what: string) => {
  const error = `${what} id such as "${prefix}-0a1b2c3d4e5f67890", or { tag: { Name: "image-builds" } }`;
  const id = z.string().regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), { error });
  return z.union([id, byTag], { error });
};

const subnetId = idOrTag("subnet", "a subnet");

/** A consumer's subnet in every region, or by region. */
export const subnetByTag = byTag;
export const subnetsByRegion = z.record(regionSchema, subnetId);

export type IdOrTag = z.output<typeof subnetId>;

const securityGroupIds = z.array(idOrTag("sg", "a security group")).min(1).max(5);

const subnetIds = z.array(subnetId).min(1);

/**
 * Where images are built and tested: in the build region, instead of its default VPC. Shared through RAM, a subnet and
 * its VPC are named by id.
 */
export const networkSchema = z.strictObject({
  vpcId: idOrTag("vpc", "a VPC"),
  /** Images are spread over them; an infrastructure configuration of Image Builder has one. */
  subnetIds,
  /** Instead of the one that the stack makes in the VPC. */
  securityGroupIds: securityGroupIds.optional(),
  /**
   * Instances need public addresses, and the subnets give them. Image Builder does not ask EC2 for one: the subnet's
   * "auto-assign public IPv4 address" decides.
   */
  publicIp: z.boolean().default(false),
});

/** What of it is different for an image. Another VPC takes subnets of its own. */
export const imageNetworkSchema = z
  .strictObject({
    vpcId: idOrTag("vpc", "a VPC").optional(),
    subnetIds: subnetIds.optional(),
    securityGroupIds: securityGroupIds.optional(),
    publicIp: z.boolean().optional(),
  })
  .refine(({ vpcId, subnetIds: subnets }) => vpcId === undefined || subnets !== undefined, {
    path: ["subnetIds"],
    error: "subnets of its own, because it names another vpcId",
  });

export type Network = z.output<typeof networkSchema>;

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/([\w+=,.@/-]+\/)?[\w+=,.@-]{1,64}$/;

/** A role of the factory's account. */
export const roleSchema = z.string().refine((role) => ROLE_NAME.test(role) || ROLE_ARN.test(role), {
  error: 'a role\'s name, or its ARN such as "arn:aws:iam::111122223333:role/image-builds"',
});

/** Parameters of the factory's account in the build region. All of them would be what `managedCore` allows. */
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
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, { error: 'an instance type such as "m7i.large"' });
