import type {
  BatchCheckLayerAvailabilityCommandOutput,
  GetAuthorizationTokenCommandOutput,
  InitiateLayerUploadCommandOutput,
} from "@aws-sdk/client-ecr";
import { AwsError } from "../../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../../engine/embedded-aws.ts";
import type { Principal } from "../../../../engine/principal.ts";
import { digestOf } from "../../../ecr/manifest.ts";
import { callService } from "../../call-service.ts";
import type { ContainerImage } from "./container-image.ts";

/** Where an image is pushed, and who pushes it. */
export interface PushTarget {
  readonly principal: Principal;
  readonly account: string;
  readonly region: string;
  readonly repositoryName: string;
}

/**
 * Pushes an image as docker does, with the calls that "EC2InstanceProfileForImageBuilderECRContainerBuilds" allows: a
 * token, the layers that are not there, a look at the manifest (Amazon ECR user guide, "IAM permissions for pushing an image
 * to an Amazon ECR private repository": BatchGetImage), then the manifest under each tag. Returns the URIs, one for each tag.
 */
export async function pushImage(
  aws: EmbeddedAws,
  target: PushTarget,
  image: ContainerImage,
  tags: readonly string[],
): Promise<string[]> {
  const { account, region, repositoryName } = target;
  const ecr = <Output>(operation: string, input: object): Promise<Output> =>
    callService<Output>(aws, "ecr", operation, input, target);
  await ecr<GetAuthorizationTokenCommandOutput>("GetAuthorizationToken", {});
  const { layers = [] } = await ecr<BatchCheckLayerAvailabilityCommandOutput>("BatchCheckLayerAvailability", {
    repositoryName,
    layerDigests: image.blobs.map(digestOf),
  });
  const there = new Set(layers.filter((one) => one.layerAvailability === "AVAILABLE").map((one) => one.layerDigest));
  for (const blob of image.blobs) {
    const digest = digestOf(blob);
    if (there.has(digest)) continue;
    const { uploadId } = await ecr<InitiateLayerUploadCommandOutput>("InitiateLayerUpload", { repositoryName });
    const range = { partFirstByte: 0, partLastByte: blob.length - 1 };
    await ecr("UploadLayerPart", { repositoryName, uploadId, ...range, layerPartBlob: blob });
    await ecr("CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [digest] });
  }
  await ecr("BatchGetImage", { repositoryName, imageIds: [{ imageDigest: image.digest }] });
  for (const imageTag of tags) {
    const put = ecr("PutImage", { repositoryName, imageManifest: image.manifest, imageTag });
    // Pushed under this tag before: for the scan, or by the build that is distributed now.
    await put.catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== "ImageAlreadyExistsException") throw error;
    });
  }
  return tags.map((tag) => `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryName}:${tag}`);
}
