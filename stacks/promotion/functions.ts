import { distributionArn } from "../../core/names.ts";
import { findCopied } from "../../core/promotion/plan-promotion.ts";
import { describeImages } from "../channel/functions.ts";
import { factory } from "../program/factory.ts";
import { arnOf, place } from "../resources/deployment.ts";
import { readEveryImage } from "../resources/image-builder-grants.ts";
import { syncFunction } from "../resources/lambda-function.ts";
import { distributionRole } from "./distribution.ts";

const configurations = Object.entries(factory.images).flatMap(([image, config]) =>
  findCopied(factory, config).map((region) => distributionArn(place, factory.name, image, region)),
);

export const distributeImage = syncFunction("promotion/distribute-image", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "PutItem"],
  grants: [
    // The action is authorized on the new image, which is named after the AMI. It is limited by the configurations that the
    // function can read and the role that it can pass.
    { actions: ["imagebuilder:DistributeImage"], resources: [arnOf("imagebuilder", "image/*")] },
    // Container images are distributed before the gate, so the list may be empty.
    ...(configurations.length > 0
      ? [{ actions: ["imagebuilder:GetDistributionConfiguration"], resources: configurations }]
      : []),
    {
      actions: ["iam:PassRole"],
      resources: [distributionRole.arn],
      conditions: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["imagebuilder.amazonaws.com"] }],
    },
  ],
  environment: { DISTRIBUTION_ROLE_ARN: distributionRole.arn },
});

export const recordCopy = syncFunction("promotion/record-copy", {
  timeoutSeconds: 30,
  ledger: ["UpdateItem"],
  grants: [readEveryImage, describeImages],
});
