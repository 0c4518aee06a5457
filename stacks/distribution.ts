import { distributionName, pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { logicalName, place, tags } from "./deployment.ts";
import type { Grant } from "./grant.ts";
import { keyArn } from "./keys.ts";
import { serviceRole } from "./service-role.ts";

const otherRegions = factory.regions.filter((region) => region !== factory.buildRegion);

/**
 * One configuration per image and region, so that one region can be tried again alone. Neither launch permissions nor
 * parameters: sharing is the promotion's, once every region has its copy.
 */
for (const image of Object.keys(factory.images)) {
  for (const region of otherRegions) {
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
const inEachRegion = (kind: string): string[] =>
  factory.regions.map((region) => `arn:${place.partition}:ec2:${region}::${kind}/*`);

const grants: Grant[] = [
  { actions: ["ec2:CopyImage", "ec2:CreateTags"], resources: [...inEachRegion("image"), ...inEachRegion("snapshot")] },
  { actions: ["ec2:ModifyImageAttribute"], resources: inEachRegion("image") },
  // EC2's Describe actions have no resources.
  { actions: ["ec2:DescribeImages", "ec2:DescribeSnapshots"], resources: ["*"] },
  {
    actions: ["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
    resources: factory.regions.map(keyArn),
  },
  {
    actions: ["kms:CreateGrant"],
    resources: factory.regions.map(keyArn),
    conditions: [{ test: "Bool", variable: "kms:GrantIsForAWSResource", values: ["true"] }],
  },
];

/** What Image Builder copies images with, once `distribute-image` tells it to. */
export const distributionRole = serviceRole("distribution", "imagebuilder.amazonaws.com", { grants });
