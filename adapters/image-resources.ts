import { DeleteImageCommand, type ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type { BuildArn } from "../events/ids.ts";

/** Image Builder forgets the image; its AMI stays (API reference, DeleteImage). One that is gone is as good. */
export async function deleteImageResource(client: ImagebuilderClient, arn: BuildArn): Promise<void> {
  try {
    await client.send(new DeleteImageCommand({ imageBuildVersionArn: arn }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "ResourceNotFoundException")) throw error;
  }
}
