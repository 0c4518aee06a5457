import { pipelineArn } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { place } from "../deployment.ts";
import { asyncFunction } from "../lambda-function.ts";

/** The public parameters that images start from. AWS's ARNs of them name no account. */
const publicParents = Object.values(factory.images).flatMap(({ parent }) =>
  "ssm" in parent ? [`arn:${place.partition}:ssm:${place.region}::parameter${parent.ssm}`] : [],
);

export const startBuild = asyncFunction("start-build", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    {
      actions: ["imagebuilder:GetImagePipeline", "imagebuilder:StartImagePipelineExecution"],
      resources: Object.keys(factory.images).map((image) => pipelineArn(place, factory.name, image)),
    },
    ...(publicParents.length > 0 ? [{ actions: ["ssm:GetParameter"], resources: [...new Set(publicParents)] }] : []),
  ],
});
