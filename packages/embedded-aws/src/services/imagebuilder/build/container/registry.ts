import type * as Sdk from "@aws-sdk/client-ecr";
import type { EmbeddedAws } from "../../../../engine/embedded-aws.ts";
import { AwsError } from "../../../../engine/operation.ts";
import type { Principal } from "../../../../engine/principal.ts";
import { answerLayer } from "../../../ecr/layer-download.ts";
import { digestOf } from "../../../ecr/manifest.ts";
import { callService } from "../../state.ts";
import type { ContainerImage, Layer } from "./container-image.ts";

/** An image in a private registry, and the principal that pulls it. */
interface PullSource {
  readonly principal: Principal;
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
  readonly imageId: { readonly imageTag: string } | { readonly imageDigest: string };
}

/** A manifest, as far as a pull needs it. */
interface Manifest {
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

/** The fields of an image's config that are read here. */
interface ImageConfig {
  readonly architecture?: string;
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
}

/**
 * Pulls an image as docker does: the manifest, then config and layers from the URLs that ECR provides.
 * @throws AwsError if the image does not exist, or the principal has no access
 */
export async function pullImage(
  aws: EmbeddedAws,
  { principal, registryId, region, repositoryName, imageId }: PullSource,
): Promise<{ readonly digest: string; readonly config: ImageConfig; readonly layers: readonly Layer[] }> {
  const call = <Output>(operation: string, input: object): Promise<Output> =>
    callService<Output>(aws, "ecr", operation, { registryId, repositoryName, ...input }, { principal, region });
  const { images, failures } = await call<Sdk.BatchGetImageCommandOutput>("BatchGetImage", { imageIds: [imageId] });
  const [image] = images ?? [];
  const digest = image?.imageId?.imageDigest;
  if (digest === undefined) throw new AwsError("ImageNotFoundException", failures?.[0]?.failureReason ?? "not found");
  const download = async (layerDigest: string): Promise<Uint8Array> => {
    const { downloadUrl = "" } = await call<Sdk.GetDownloadUrlForLayerCommandOutput>("GetDownloadUrlForLayer", {
      layerDigest,
    });
    const { pathname, searchParams } = new URL(downloadUrl);
    const request = { method: "GET", path: pathname, query: searchParams };
    const { body } = await answerLayer(aws, { ...request, headers: {}, body: new Uint8Array() });
    return typeof body === "string" ? Buffer.from(body) : (body ?? new Uint8Array());
  };
  const manifest = JSON.parse(image?.imageManifest ?? "{}") as Manifest;
  if (!manifest.config)
    throw new AwsError("UnsupportedImageTypeException", "a list of images, which is not built here");
  const config = JSON.parse(Buffer.from(await download(manifest.config.digest)).toString()) as ImageConfig;
  const pulled: Layer[] = [];
  for (const [n, one] of (manifest.layers ?? []).entries()) {
    pulled.push({ blob: await download(one.digest), diffId: config.rootfs?.diff_ids?.[n] ?? one.digest });
  }
  return { digest, config, layers: pulled };
}

/** Where an image is pushed, and the principal that pushes it. */
interface PushTarget {
  readonly principal: Principal;
  readonly account: string;
  readonly region: string;
  readonly repositoryName: string;
}

/**
 * Pushes an image as docker does, with the calls that "EC2InstanceProfileForImageBuilderECRContainerBuilds" allows: a
 * token, missing layers, a check of the manifest (Amazon ECR user guide, "IAM permissions for pushing an image to an
 * Amazon ECR private repository": BatchGetImage), then the manifest under each tag. Answers the URIs, one for each tag.
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
  await ecr<Sdk.GetAuthorizationTokenCommandOutput>("GetAuthorizationToken", {});
  const { layers = [] } = await ecr<Sdk.BatchCheckLayerAvailabilityCommandOutput>("BatchCheckLayerAvailability", {
    repositoryName,
    layerDigests: image.blobs.map(digestOf),
  });
  const there = new Set(layers.filter((one) => one.layerAvailability === "AVAILABLE").map((one) => one.layerDigest));
  for (const blob of image.blobs) {
    const digest = digestOf(blob);
    if (there.has(digest)) continue;
    const { uploadId } = await ecr<Sdk.InitiateLayerUploadCommandOutput>("InitiateLayerUpload", { repositoryName });
    const range = { partFirstByte: 0, partLastByte: blob.length - 1 };
    await ecr("UploadLayerPart", { repositoryName, uploadId, ...range, layerPartBlob: blob });
    await ecr("CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [digest] });
  }
  await ecr("BatchGetImage", { repositoryName, imageIds: [{ imageDigest: image.digest }] });
  for (const imageTag of tags) {
    const put = ecr("PutImage", { repositoryName, imageManifest: image.manifest, imageTag });
    // Already pushed with this tag: for the scan, or by the build that is distributed now.
    await put.catch((error: unknown) => {
      if (!(error instanceof AwsError) || error.code !== "ImageAlreadyExistsException") throw error;
    });
  }
  return tags.map((tag) => `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryName}:${tag}`);
}
