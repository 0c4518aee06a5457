import { pipelineArn } from "../../core/names.ts";
import { describeImages, parentParameters, unmark } from "../channel/functions.ts";
import { everyBuildsRepository } from "../containers/repositories.ts";
import { factory } from "../program/factory.ts";
import { promotion } from "../promotion/state-machine.ts";
import { parameterArn, place } from "../resources/deployment.ts";
import { functionUrl } from "../resources/function-url.ts";
import type { Grant } from "../resources/grant.ts";
import { readOwnBuilds, readWorkflows } from "../resources/image-builder-grants.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

/** Parameters with parent AMIs: public ones, and those that follow a parent's channel. */
const parents = [
  ...Object.values(factory.images).flatMap(({ parent }) => ("ssm" in parent ? [parameterArn(parent.ssm)] : [])),
  ...parentParameters,
];

export const startBuild = asyncFunction("build/start-build", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    {
      actions: ["imagebuilder:GetImagePipeline", "imagebuilder:StartImagePipelineExecution"],
      resources: Object.keys(factory.images).map((image) => pipelineArn(place, factory.name, image)),
    },
    ...(parents.length > 0 ? [{ actions: ["ssm:GetParameter"], resources: [...new Set(parents)] }] : []),
  ],
});

/** IAM authenticates the requester of a build; a function that is invoked directly does not learn its caller. */
functionUrl("start-build", startBuild, { auth: "iam" });

/** Reads the digest and size of a build's container image by its tag. */
const readBuildsRepositories: Grant[] =
  everyBuildsRepository.length > 0 ? [{ actions: ["ecr:DescribeImages"], resources: everyBuildsRepository }] : [];

export const recordBuild = asyncFunction("build/record-build", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    readOwnBuilds,
    ...readWorkflows,
    ...readBuildsRepositories,
    // AMIs inherit the watermarks of the parent's channels.
    describeImages,
    unmark,
    { actions: ["states:StartExecution"], resources: [promotion.arn] },
  ],
  environment: { PROMOTION_ARN: promotion.arn },
});
