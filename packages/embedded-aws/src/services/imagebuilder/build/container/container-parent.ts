import { AwsError } from "../../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../../engine/embedded-aws.ts";
import type { Principal } from "../../../../engine/principal.ts";
import { latestAvailable } from "../../images.ts";
import type { ImageRecord } from "../../state.ts";
import { BuildFailedError } from "../failure-context.ts";
import { type ContainerParent, makeLayer } from "./container-image.ts";
import { pullImage } from "./registry.ts";

const PRIVATE = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([^:@]+)(?::([^@]+)|@(sha256:.+))?$/;

/**
 * Resolves a recipe's parent to a container image: the newest build of an Image Builder image, or an image of a
 * registry. Private ones are pulled from ECR with the instance's permissions. Public registries are not accessed: their
 * images are assumed to exist, with a single constant layer that contains the name.
 * @throws BuildFailedError if there is none that the instance may pull
 */
export async function resolveContainerParent(
  aws: EmbeddedAws,
  record: ImageRecord,
  parent: string,
  principal: () => Promise<Principal>,
): Promise<ContainerParent> {
  try {
    const reference = parent.startsWith("arn:") ? outputOf(aws, record, parent) : parent;
    const [, registryId, region = "", repositoryName, imageTag = "latest", imageDigest] = PRIVATE.exec(reference) ?? [];
    if (registryId === undefined || repositoryName === undefined) {
      return { reference, layers: [makeLayer("parent", reference)] };
    }
    const imageId = imageDigest ? { imageDigest } : { imageTag };
    const source = { principal: await principal(), registryId, region, repositoryName, imageId };
    const pulled = await pullImage(aws, source);
    return {
      reference: `${registryId}.dkr.ecr.${region}.amazonaws.com/${repositoryName}@${pulled.digest}`,
      layers: pulled.layers,
    };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new BuildFailedError(
      `Failed to resolve the parent image '${parent}': ${error.message}`,
      {},
      { cause: error },
    );
  }
}

function outputOf(aws: EmbeddedAws, record: ImageRecord, parent: string): string {
  const { image } = latestAvailable(aws, record, parent) ?? {};
  const uri = image?.outputResources?.containers?.find(({ region }) => region === record.region)?.imageUris?.[0];
  if (uri) return uri;
  throw new AwsError("ResourceNotFoundException", `No AVAILABLE build of image '${parent}' has a container image.`);
}
