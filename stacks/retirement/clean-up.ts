import { promotionName } from "../../core/names.ts";
import { describeImages, inEachRegion, isMadeByImageBuilder, isOurs, readPermissions } from "../channel/functions.ts";
import { deleteBuilds, describeBuilds, emptyChannels, united } from "../containers/container-grants.ts";
import { actAsConsumer } from "../organization/consumers.ts";
import { factory } from "../program/factory.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { readEveryImage } from "../resources/image-builder-grants.ts";
import { asyncFunction } from "../resources/lambda-function.ts";
import { markLeftovers } from "./mark-leftovers.ts";

const images = inEachRegion("image");
const snapshots = inEachRegion("snapshot");

const grants: Grant[] = [
  describeImages,
  readPermissions,
  // DescribeSnapshots has no resource types either.
  { actions: ["ec2:DescribeSnapshots"], resources: ["*"] },
  {
    actions: ["ec2:DeregisterImage", "ec2:DisableImageDeregistrationProtection"],
    resources: images,
    conditions: [isOurs],
  },
  { actions: ["ec2:DeleteSnapshot"], resources: snapshots, conditions: [isOurs] },
  // Copies are named after their source AMI, which is not known at deployment; `mark-leftovers` tags the copies in the ledger.
  { actions: ["imagebuilder:DeleteImage"], resources: [arnOf("imagebuilder", "image/*")], conditions: [isOurs] },
  // Image Builder's List actions (service authorization reference, "Amazon EC2 Image Builder") and DescribeInstances have no
  // resource types.
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
  // The recipes that use a component are not known at deployment.
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
    conditions: [isOurs, isMadeByImageBuilder],
  },
  { actions: ["states:ListExecutions"], resources: [promotion.arn] },
  { actions: ["states:DescribeExecution"], resources: [arnOf("states", `execution:${promotionName(factory.name)}:*`)] },
  ...united(describeBuilds, emptyChannels, deleteBuilds),
  ...(factory.consumers?.canary ? [actAsConsumer] : []),
  { actions: ["lambda:InvokeFunction"], resources: [markLeftovers.arn] },
];

export const cleanUp = asyncFunction("retirement/clean-up", {
  // Sequential by image and region, at EC2's published rates.
  timeoutSeconds: 900,
  ledger: ["BatchGetItem", "Query", "PutItem", "UpdateItem"],
  putsEvents: true,
  grants,
  environment: { PROMOTION_ARN: promotion.arn, MARK_LEFTOVERS_FUNCTION: markLeftovers.name },
});
