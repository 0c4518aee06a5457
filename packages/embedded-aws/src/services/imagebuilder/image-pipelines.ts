import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { requestTagContext } from "../tag-context.ts";
import { arnOf, normalised } from "./arn.ts";
import { making, on, once } from "./authorization.ts";
import { requireInspector, requireResources, settingsNeeds } from "./build-settings.ts";
import { followSchedule, runPipeline } from "./pipeline-runs.ts";
import { alreadyExists } from "./refusals.ts";
import { findResource, requireResource } from "./resources.ts";
import { parseSchedule } from "./schedule-expression.ts";
import { builderState } from "./state.ts";

type Settings = Sdk.CreateImagePipelineCommandInput | Sdk.UpdateImagePipelineCommandInput;

/** The part of a pipeline that a request sets; creation and update replace all of it. */
function settled(input: Settings, call: Call): Omit<Sdk.ImagePipeline, "arn" | "name"> {
  if (input.schedule) parseSchedule(input.schedule);
  const resources = requireResources(input, call);
  requireInspector(input, resources, call);
  const { recipe } = resources;
  return structuredClone({
    description: input.description,
    platform: recipe.platform,
    enhancedImageMetadataEnabled: input.enhancedImageMetadataEnabled ?? true,
    imageRecipeArn: input.imageRecipeArn,
    containerRecipeArn: input.containerRecipeArn,
    infrastructureConfigurationArn: input.infrastructureConfigurationArn,
    distributionConfigurationArn: input.distributionConfigurationArn,
    imageTestsConfiguration: {
      imageTestsEnabled: input.imageTestsConfiguration?.imageTestsEnabled ?? true,
      timeoutMinutes: input.imageTestsConfiguration?.timeoutMinutes ?? 720,
    },
    schedule: input.schedule && {
      ...input.schedule,
      pipelineExecutionStartCondition:
        input.schedule.pipelineExecutionStartCondition ?? "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
    },
    status: input.status ?? "ENABLED",
    imageScanningConfiguration: input.imageScanningConfiguration,
    imageTags: { ...input.imageTags },
    executionRole: input.executionRole,
    loggingConfiguration: input.loggingConfiguration,
    consecutiveFailures: 0,
  });
}

export const operations = {
  CreateImagePipeline: {
    authorize: (input, call) => [
      ...making(call, "image-pipeline", [input.name], input.tags),
      ...settingsNeeds(input, call),
    ],
    run: (input, call) =>
      once(call, "CreateImagePipeline", input, () => {
        const { name = "" } = input;
        const settings = settled(input, call);
        const arn = arnOf(call, "image-pipeline", normalised(name));
        const { pipelines } = call.aws.state(builderState, call.account, call.region);
        if (pipelines.has(arn)) throw alreadyExists("ImagePipeline", arn);
        const now = new Date(call.aws.clock.now()).toISOString();
        const pipeline = { ...settings, arn, name, tags: { ...input.tags }, dateCreated: now, dateUpdated: now };
        pipelines.set(arn, pipeline);
        followSchedule(call.aws, call, pipeline);
        return { requestId: call.requestId, clientToken: input.clientToken, imagePipelineArn: arn };
      }),
  },
  UpdateImagePipeline: {
    authorize: (input, call) => [...on(call, input.imagePipelineArn), ...settingsNeeds(input, call)],
    run: (input, call) =>
      once(call, "UpdateImagePipeline", input, () => {
        const pipeline = requireResource(call, "ImagePipeline", input.imagePipelineArn);
        Object.assign(pipeline, settled(input, call), { dateUpdated: new Date(call.aws.clock.now()).toISOString() });
        followSchedule(call.aws, call, pipeline);
        return { requestId: call.requestId, clientToken: input.clientToken, imagePipelineArn: pipeline.arn };
      }),
  },
  /** Does not wait for the build. */
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
        // A pipeline's imageTags are only for its scheduled runs.
        const { image } = runPipeline(call.aws, call, pipeline, { tags: { ...input.tags } });
        return {
          requestId: call.requestId,
          clientToken: input.clientToken,
          imageBuildVersionArn: image.arn,
        };
      }),
  },
} satisfies Operations<typeof Sdk>;

/** The image that a pipeline would build next, for tags in the request. */
function futureImage(call: Call, pipelineArn: string): string {
  const pipeline = call.aws.state(builderState, call.account, call.region).pipelines.get(pipelineArn);
  const recipe =
    findResource(call.aws, call, "ImageRecipe", pipeline?.imageRecipeArn ?? "") ??
    findResource(call.aws, call, "ContainerRecipe", pipeline?.containerRecipeArn ?? "");
  return arnOf(call, "image", normalised(recipe?.name ?? "*"), recipe?.version ?? "*", "*");
}
