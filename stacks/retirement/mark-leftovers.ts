import { promotionName } from "../../core/names.ts";
import { describeImages, inEachRegion, isMadeByImageBuilder, isOurs, onlyOurTags } from "../channel/functions.ts";
import { factory } from "../program/factory.ts";
import { promotion } from "../promotion/state-machine.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { readEveryImage } from "../resources/image-builder-grants.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

const images = inEachRegion("image");
const snapshots = inEachRegion("snapshot");

/** DeleteTags without keys would be allowed, and deletes all tags (IAM user guide, "ForAllValues"). */
const namesTags = { test: "Null", variable: "aws:TagKeys", values: ["false"] };

const grants: Grant[] = [
  describeImages,
  // DescribeSnapshots has no resource types either.
  { actions: ["ec2:DescribeSnapshots"], resources: ["*"] },
  { actions: ["ec2:CreateTags"], resources: images, conditions: [isOurs, onlyOurTags] },
  // Adds the factory's tag to an AMI's snapshots.
  { actions: ["ec2:CreateTags"], resources: snapshots, conditions: [isMadeByImageBuilder, onlyOurTags] },
  { actions: ["ec2:DeleteTags"], resources: [...images, ...snapshots], conditions: [isOurs, onlyOurTags, namesTags] },
  readEveryImage,
  // Copies are named after their source AMI, which is not known at deployment.
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

/** Tags resources that `clean-up` removes a day later. It cannot delete, and `clean-up` cannot tag. */
export const markLeftovers = asyncFunction("retirement/mark-leftovers", {
  // Sequential by image and region, at EC2's published rates.
  timeoutSeconds: 900,
  ledger: ["BatchGetItem", "Query"],
  grants,
  environment: { PROMOTION_ARN: promotion.arn },
});
