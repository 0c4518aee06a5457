import { ECRClient } from "@aws-sdk/client-ecr";
import type { ImageDetails } from "../../../adapters/image-builder.ts";
import { findPushed } from "../../../adapters/pushed-images.ts";
import { imageByDigest, parseImageUri } from "../../../core/image-uri.ts";
import { buildsRepository } from "../../../core/names.ts";
import type { ArtifactId } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

/** What a build yielded in a region. */
export interface Output {
  readonly amiId: ArtifactId;
  /** Of a container image's layers, compressed. */
  readonly bytes?: number;
}

/**
 * What a build yielded, by region: AMIs as Image Builder names them, or container images. Those it names by tags of the
 * builds' repository; what a tag means is asked of ECR once, and recorded by its digest. A region in which ECR knows no such
 * image is left out.
 */
export async function readOutputs(
  image: string,
  { amis, imageUris }: Pick<ImageDetails, "amis" | "imageUris">,
  { settings, client }: Step,
): Promise<Readonly<Record<string, Output>>> {
  const repository = buildsRepository(settings.factory.name, image);
  const outputs: Record<string, Output> = {};
  for (const [region, amiId] of Object.entries(amis)) outputs[region] = { amiId };
  for (const [region, uris] of Object.entries(imageUris)) {
    const uri = uris.map(parseImageUri).find((one) => one?.repository === repository);
    const pushed = uri && (await findPushed(client(ECRClient, region), uri));
    if (!uri || !pushed) continue;
    outputs[region] = { amiId: imageByDigest(uri, pushed.digest), ...(pushed.bytes && { bytes: pushed.bytes }) };
  }
  return outputs;
}
