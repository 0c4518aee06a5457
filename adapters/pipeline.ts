import {
  GetImagePipelineCommand,
  type ImagebuilderClient,
  StartImagePipelineExecutionCommand,
} from "@aws-sdk/client-imagebuilder";
import { type BuildArn, parseBuildArn } from "../events/ids.ts";

/** Starts a pipeline; the same token starts it once, whoever asks how often. */
export async function startPipeline(
  client: ImagebuilderClient,
  imagePipelineArn: string,
  clientToken: string,
): Promise<BuildArn> {
  const { imageBuildVersionArn } = await client.send(
    new StartImagePipelineExecutionCommand({ imagePipelineArn, clientToken }),
  );
  return parseBuildArn(imageBuildVersionArn ?? "");
}

/** The ARN of the recipe that a pipeline builds by now. */
export async function readRecipe(client: ImagebuilderClient, imagePipelineArn: string): Promise<string> {
  const { imagePipeline } = await client.send(new GetImagePipelineCommand({ imagePipelineArn }));
  return imagePipeline?.imageRecipeArn ?? imagePipeline?.containerRecipeArn ?? "";
}
