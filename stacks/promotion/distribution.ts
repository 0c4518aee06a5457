import { distributionName, pipelineName } from "../../core/names.ts";
import { findCopied } from "../../core/promotion/plan-promotion.ts";
import { factory } from "../program/given.ts";
import { logicalName, place, tags } from "../resources/deployment.ts";
import { type Grant, serviceRole } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";

const otherRegions = factory.regions.filter((region) => region !== factory.buildRegion);

/**
 * One configuration per image and region, so that one region can be tried again alone. Neither launch permissions nor
 * parameters: sharing is the promotion's, once every region has its copy.
 */
for (const [image, config] of Object.entries(factory.images)) {
  for (const region of findCopied(factory, config)) {
    new aws.imagebuilder.DistributionConfiguration(`Distribution${logicalName(image)}${logicalName(region)}`, {
      name: distributionName(factory.name, image, region),
      distributions: [
        {
          region,
          amiDistributionConfiguration: {
            name: `${pipelineName(factory.name, image)} {{ imagebuilder:buildDate }}`,
            kmsKeyId: keyArn(region),
            amiTags: { ...tags, "amint:image": image },
          },
        },
      ],
      tags,
    });
  }
}

/** AMIs and snapshots have no account in their ARNs. */
const imagesIn = (regions: readonly string[], kind = "image"): string[] =>
  regions.map((region) => `arn:${place.partition}:ec2:${region}::${kind}/*`);

const copies = [...imagesIn(otherRegions), ...imagesIn(otherRegions, "snapshot")];

/**
 * Image Builder assumes this role to distribute (API reference, DistributeImage). AWS's own policy for such roles,
 * Ec2ImageBuilderCrossAccountDistributionAccess, also lets it share AMIs: ours does not, sharing is the promotion's.
 */
const grants: Grant[] = [
  { actions: ["ec2:CopyImage"], resources: [...imagesIn([factory.buildRegion]), ...copies] },
  { actions: ["ec2:CreateTags"], resources: copies },
  // EC2's Describe actions have no resources.
  { actions: ["ec2:DescribeImages"], resources: ["*"] },
  // Snapshots are read with the one key and written with the others (EBS user guide, "Requirements for Amazon EBS
  // encryption").
  { actions: ["kms:DescribeKey", "kms:Decrypt", "kms:ReEncryptFrom"], resources: [keyArn()] },
  {
    actions: ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptTo"],
    resources: otherRegions.map(keyArn),
  },
  {
    actions: ["kms:CreateGrant"],
    resources: factory.regions.map(keyArn),
    conditions: [{ test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }],
  },
];

/** What Image Builder copies images with, once `distribute-image` tells it to. */
export const distributionRole = serviceRole("distribution", "imagebuilder.amazonaws.com", { grants });
