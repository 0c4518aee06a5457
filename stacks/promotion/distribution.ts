import { distributionName, pipelineName } from "../../core/names.ts";
import { findCopied } from "../../core/promotion/plan-promotion.ts";
import { factory } from "../program/factory.ts";
import { logicalName, place, tags } from "../resources/deployment.ts";
import { type Grant, serviceRole } from "../resources/grant.ts";
import { keyArn } from "../resources/keys.ts";

const otherRegions = factory.regions.filter((region) => region !== factory.buildRegion);

/**
 * One configuration per image and region, so that a region can be retried on its own. Without launch permissions and
 * parameters: the promotion shares the copies later.
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
 * Image Builder assumes this role to distribute (API reference, DistributeImage). Unlike AWS's policy for such roles,
 * Ec2ImageBuilderCrossAccountDistributionAccess, it cannot share AMIs.
 */
const grants: Grant[] = [
  { actions: ["ec2:CopyImage"], resources: [...imagesIn([factory.buildRegion]), ...copies] },
  { actions: ["ec2:CreateTags"], resources: copies },
  // EC2's Describe actions have no resource types.
  { actions: ["ec2:DescribeImages"], resources: ["*"] },
  // Snapshots are read with the build region's key and written with the other regions' keys (EBS user guide, "Requirements
  // for Amazon EBS encryption").
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

/** The role with which Image Builder copies images for `distribute-image`. */
export const distributionRole = serviceRole("distribution", "imagebuilder.amazonaws.com", { grants });
