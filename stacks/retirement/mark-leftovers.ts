import { promotionName } from "../../core/names.ts";
import { describeImages, inEachRegion, isMadeByImageBuilder, isOurs, onlyOurTags } from "../channel/functions.ts";
import { factory } from "../program/given.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { readEveryImage } from "../resources/image-builder-grants.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

const images = inEachRegion("image");
const snapshots = inEachRegion("snapshot");

/** A request that names no keys takes all tags away, and would pass (IAM user guide, "ForAllValues"). */
const namesTags = { test: "Null", variable: "aws:TagKeys", values: ["false"] };

const grants: Grant[] = [
  describeImages,
  // Descriptions of snapshots know no resources, either.
  { actions: ["ec2:DescribeSnapshots"], resources: ["*"] },
  { actions: ["ec2:CreateTags"], resources: images, conditions: [isOurs, onlyOurTags] },
  // An AMI's snapshots have the factory's tag from then on.
  { actions: ["ec2:CreateTags"], resources: snapshots, conditions: [isMadeByImageBuilder, onlyOurTags] },
  { actions: ["ec2:DeleteTags"], resources: [...images, ...snapshots], conditions: [isOurs, onlyOurTags, namesTags] },
  readEveryImage,
  // Copies are named after their source AMI, which is not known beforehand.
  {
    actions: ["imagebuilder:TagResource"],
    resources: [arnOf("imagebuilder", "image/*")],
    conditions: [
      { test: "StringEquals", variable: "aws:RequestTag/amint:factory", values: [factory.name] },
      { test: "ForAllValues:StringEquals", variable: "aws:TagKeys", values: ["amint:factory"] },
    ],
  },
  { actions: ["states:ListExecutions"], resources: [promotion.arn] },
  { actions: ["states:DescribeExecution"], resources: [arnOf("states", `execution:${promotionName(factory.name)}:*`)] },
];

/** Tags what `clean-up` removes a day later. It may delete nothing, and `clean-up` may not tag. */
export const markLeftovers = asyncFunction("retirement/mark-leftovers", {
  // Image by image, region by region, at the pace of EC2's published rates.
  timeoutSeconds: 900,
  ledger: ["BatchGetItem", "Query"],
  grants,
  environment: { PROMOTION_ARN: promotion.arn },
});
