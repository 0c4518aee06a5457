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
import { factory } from "../program/given.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

/**
 * EC2 looks with the caller's rights at what it reports as referring to an AMI, and only it may use them (EC2 user guide,
 * "Identify your resources referencing specified AMIs", "Required IAM permissions"). What is looked at is not known before.
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
  // Up to 500 builds are looked up, at the pace of EC2's published rates.
  timeoutSeconds: 900,
  // Ten thousand builds in seventeen regions, with what is known of each.
  memoryMb: 1024,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    ...prove,
    // Descriptions of snapshots know no resources, either.
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
