import { pipelineArn } from "../../core/names.ts";
import factory from "../../factory.config.ts";
import { place } from "../deployment.ts";
import { asyncFunction } from "../lambda-function.ts";

export const startBuild = asyncFunction("start-build", {
  timeoutSeconds: 60,
  ledger: ["GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    {
      actions: ["imagebuilder:StartImagePipelineExecution"],
      resources: Object.keys(factory.images).map((image) => pipelineArn(place, factory.name, image)),
    },
  ],
});
