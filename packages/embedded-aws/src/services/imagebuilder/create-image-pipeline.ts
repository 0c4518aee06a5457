import type * as Sdk from "@aws-sdk/client-imagebuilder";
import type {
  CreateImagePipelineCommandInput,
  ImagePipeline,
  UpdateImagePipelineCommandInput,
} from "@aws-sdk/client-imagebuilder";
import type { Call, Operations } from "../../engine/operation.ts";
import { arnOf, normalised } from "./arn.ts";
import { making, on } from "./authorization.ts";
import { requireResources, settingsNeeds } from "./build-settings.ts";
import { once } from "./once.ts";
import { alreadyExists, notBuilt } from "./refusals.ts";
import { requireResource } from "./resources.ts";
import { builderState } from "./state.ts";

type Settings = CreateImagePipelineCommandInput | UpdateImagePipelineCommandInput;

/** The part of a pipeline that a request decides; both creation and update replace all of it. */
function settled(input: Settings, call: Call): Omit<ImagePipeline, "arn" | "name"> {
  if (input.schedule) throw notBuilt(`a pipeline's own schedule (${input.schedule.scheduleExpression ?? "empty"})`);
  const { recipe } = requireResources(input, call);
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
        pipelines.set(arn, {
          ...settings,
          arn,
          name,
          tags: { ...input.tags },
          dateCreated: now,
          dateUpdated: now,
        });
        return { requestId: call.requestId, clientToken: input.clientToken, imagePipelineArn: arn };
      }),
  },
  UpdateImagePipeline: {
    authorize: (input, call) => [...on(call, input.imagePipelineArn), ...settingsNeeds(input, call)],
    run: (input, call) =>
      once(call, "UpdateImagePipeline", input, () => {
        const pipeline = requireResource(call, "ImagePipeline", input.imagePipelineArn);
        Object.assign(pipeline, settled(input, call), { dateUpdated: new Date(call.aws.clock.now()).toISOString() });
        return { requestId: call.requestId, clientToken: input.clientToken, imagePipelineArn: pipeline.arn };
      }),
  },
} satisfies Operations<typeof Sdk>;
