import { DeleteImageCommand, type ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type { BuildArn } from "../events/ids.ts";

/**
 * Image Builder forgets the image; its AMI stays (API reference, DeleteImage).
 * @returns `gone`: somebody else had deleted it; `needed`: a recipe starts from it (ResourceDependencyException)
 */
export async function deleteImageResource(
  client: ImagebuilderClient,
  arn: BuildArn,
): Promise<"deleted" | "gone" | "needed"> {
  try {
    await client.send(new DeleteImageCommand({ imageBuildVersionArn: arn }));
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return "gone";
    if (error instanceof Error && error.name === "ResourceDependencyException") return "needed";
    throw error;
  }
  return "deleted";
}
