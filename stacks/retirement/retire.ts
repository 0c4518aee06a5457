import { promotionName } from "../../core/names.ts";
import {
  askForUsage,
  changePermissions,
  inEachRegion,
  isOurs,
  mark,
  prove,
  readAncestry,
  readPermissions,
  readUsage,
  unmark,
} from "../channel/functions.ts";
import { deleteBuilds, emptyChannels, fillChannels, united } from "../containers/container-grants.ts";
import { factory } from "../program/factory.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

/**
 * EC2 finds an AMI's references with the caller's permissions; only EC2 can use these (EC2 user guide, "Identify your
 * resources referencing specified AMIs", "Required IAM permissions"). The resources are not known at deployment.
 */
const readReferences: Grant[] = [
  { actions: ["ec2:DescribeImageReferences"], resources: ["*"] },
  {
    actions: [
      "ec2:DescribeInstances",
      "ec2:DescribeLaunchTemplates",
      "ec2:DescribeLaunchTemplateVersions",
      "ssm:DescribeParameters",
      "ssm:GetParameters",
      "imagebuilder:ListImageRecipes",
      "imagebuilder:ListContainerRecipes",
      "imagebuilder:GetContainerRecipe",
    ],
    resources: ["*"],
    conditions: [{ test: "ForAnyValue:StringEquals", variable: "aws:CalledVia", values: ["ec2-images.amazonaws.com"] }],
  },
];

const takeAway: Grant[] = [
  {
    actions: [
      "ec2:EnableImageDeprecation",
      "ec2:DisableImage",
      // For a build that is restored while it is being disabled.
      "ec2:EnableImage",
      "ec2:DeregisterImage",
      "ec2:DisableImageDeregistrationProtection",
    ],
    resources: inEachRegion("image"),
    conditions: [isOurs],
  },
  { actions: ["ec2:DeleteSnapshot"], resources: inEachRegion("snapshot"), conditions: [isOurs] },
];

export const retire = asyncFunction("retirement/retire", {
  // Looks up to 500 builds up, at EC2's published rates.
  timeoutSeconds: 900,
  // Holds the records of ten thousand builds in seventeen regions.
  memoryMb: 1024,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    ...prove,
    // DescribeSnapshots has no resource types either.
    { actions: ["ec2:DescribeSnapshots"], resources: ["*"] },
    readPermissions,
    changePermissions,
    mark,
    unmark,
    readAncestry,
    askForUsage,
    readUsage,
    ...readReferences,
    ...takeAway,
    ...united(fillChannels, emptyChannels, deleteBuilds),
    { actions: ["states:ListExecutions"], resources: [promotion.arn] },
    {
      actions: ["states:DescribeExecution"],
      resources: [arnOf("states", `execution:${promotionName(factory.name)}:*`)],
    },
  ],
  environment: { PROMOTION_ARN: promotion.arn },
});
