import { promotionName } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { describeImages, inEachRegion, isOurs, onlyOurTags, readPermissions } from "../channel/functions.ts";
import { deleteBuilds, emptyChannels, lookAtBuilds, united } from "../containers/container-grants.ts";
import { actAsConsumer } from "../organization/consumers.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { readEveryImage } from "../resources/image-builder-grants.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

const images = inEachRegion("image");
const snapshots = inEachRegion("snapshot");

const grants: Grant[] = [
  describeImages,
  readPermissions,
  // Descriptions of snapshots know no resources, either.
  { actions: ["ec2:DescribeSnapshots"], resources: ["*"] },
  // Marked before it is removed: an AMI's snapshots have the factory's tag from then on.
  { actions: ["ec2:CreateTags"], resources: images, conditions: [isOurs, onlyOurTags] },
  { actions: ["ec2:CreateTags"], resources: snapshots, conditions: [onlyOurTags] },
  { actions: ["ec2:DeleteTags"], resources: [...images, ...snapshots], conditions: [isOurs, onlyOurTags] },
  {
    actions: ["ec2:DeregisterImage", "ec2:DisableImageDeregistrationProtection"],
    resources: images,
    conditions: [isOurs],
  },
  { actions: ["ec2:DeleteSnapshot"], resources: snapshots, conditions: [isOurs] },
  // Copies are named after their source AMI, which nobody knows beforehand; those that the ledger names are deleted.
  { actions: ["imagebuilder:DeleteImage"], resources: [arnOf("imagebuilder", "image/*")] },
  // Neither have lists of Image Builder's a resource (service authorization reference, "Amazon EC2 Image Builder"), nor
  // descriptions of instances.
  {
    actions: [
      "imagebuilder:ListImages",
      "imagebuilder:ListImagePipelines",
      "imagebuilder:ListImageRecipes",
      "imagebuilder:ListContainerRecipes",
      "imagebuilder:ListComponents",
      "ec2:DescribeInstances",
    ],
    resources: ["*"],
  },
  // Whose recipes have a component is not known beforehand.
  { actions: ["imagebuilder:GetImageRecipe"], resources: [arnOf("imagebuilder", "image-recipe/*")] },
  { actions: ["imagebuilder:GetContainerRecipe"], resources: [arnOf("imagebuilder", "container-recipe/*")] },
  { actions: ["imagebuilder:ListComponentBuildVersions"], resources: [arnOf("imagebuilder", "component/*")] },
  {
    actions: ["imagebuilder:DeleteImageRecipe"],
    resources: [arnOf("imagebuilder", "image-recipe/*")],
    conditions: [isOurs],
  },
  {
    actions: ["imagebuilder:DeleteContainerRecipe"],
    resources: [arnOf("imagebuilder", "container-recipe/*")],
    conditions: [isOurs],
  },
  {
    actions: ["imagebuilder:DeleteComponent"],
    resources: [arnOf("imagebuilder", "component/*")],
    conditions: [isOurs],
  },
  readEveryImage,
  {
    actions: ["ec2:TerminateInstances"],
    resources: [arnOf("ec2", "instance/*")],
    conditions: [
      isOurs,
      { test: "StringEquals", variable: "aws:ResourceTag/CreatedBy", values: ["EC2 Image Builder"] },
    ],
  },
  { actions: ["states:ListExecutions"], resources: [promotion.arn] },
  { actions: ["states:DescribeExecution"], resources: [arnOf("states", `execution:${promotionName(factory.name)}:*`)] },
  ...united(lookAtBuilds, emptyChannels, deleteBuilds),
  ...(factory.consumers?.canary ? [actAsConsumer] : []),
];

export const cleanUp = asyncFunction("retirement/clean-up", {
  // Image by image, region by region, at the pace of EC2's published rates.
  timeoutSeconds: 900,
  ledger: ["BatchGetItem", "Query", "PutItem", "UpdateItem"],
  putsEvents: true,
  grants,
  environment: { PROMOTION_ARN: promotion.arn },
});
