import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { arnOf, normalised } from "./arn.ts";
import { on } from "./authorization.ts";
import { startBuild } from "./build/carry-out.ts";
import { newImage } from "./build/new-image.ts";
import { describeResources, requireResources } from "./build-settings.ts";
import { once } from "./once.ts";
import { findResource, requireResource } from "./resources.ts";
import { builderState } from "./state.ts";

export const operations = {
  /** Queues a build of a pipeline, also of a disabled one; the answer doesn't wait for it. */
  StartImagePipelineExecution: {
    authorize: ({ imagePipelineArn, tags }, call) => {
      const context = requestTagContext(Object.entries(tags ?? {}));
      const start = on(call, imagePipelineArn, context);
      if (Object.keys(context).length === 0) return start;
      return [
        ...start,
        { action: "imagebuilder:TagResource", resources: [futureImage(call, imagePipelineArn ?? "")], context },
      ];
    },
    run: (input, call) =>
      once(call, "StartImagePipelineExecution", input, () => {
        const pipeline = requireResource(call, "ImagePipeline", input.imagePipelineArn);
        const resources = requireResources(pipeline as Parameters<typeof requireResources>[0], call);
        const record = newImage(call.aws, call, {
          ...describeResources(resources),
          enhancedImageMetadataEnabled: pipeline.enhancedImageMetadataEnabled,
          sourcePipelineName: pipeline.name,
          sourcePipelineArn: pipeline.arn,
          imageTestsConfiguration: pipeline.imageTestsConfiguration,
          imageScanningConfiguration: pipeline.imageScanningConfiguration,
          scanState: pipeline.imageScanningConfiguration?.imageScanningEnabled ? { status: "PENDING" } : undefined,
          executionRole: pipeline.executionRole,
          loggingConfiguration: pipeline.loggingConfiguration && {
            logGroupName: pipeline.loggingConfiguration.imageLogGroupName,
          },
          // A pipeline's imageTags are for its scheduled runs only.
          tags: { ...input.tags },
        });
        pipeline.dateLastRun = new Date(call.aws.clock.now()).toISOString();
        startBuild(call.aws, record, structuredClone(resources));
        return {
          requestId: call.requestId,
          clientToken: input.clientToken,
          imageBuildVersionArn: record.image.arn,
        };
      }),
  },
} satisfies Operations<typeof Sdk>;

/** The image that a pipeline would build next: tags in the request are for it. */
function futureImage(call: Call, pipelineArn: string): string {
  const pipeline = call.aws.state(builderState, call.account, call.region).pipelines.get(pipelineArn);
  const recipe =
    findResource(call.aws, call, "ImageRecipe", pipeline?.imageRecipeArn ?? "") ??
    findResource(call.aws, call, "ContainerRecipe", pipeline?.containerRecipeArn ?? "");
  return arnOf(call, "image", normalised(recipe?.name ?? "*"), recipe?.version ?? "*", "*");
}
