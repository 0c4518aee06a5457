import type { BatchGetImageCommandOutput, GetDownloadUrlForLayerCommandOutput } from "@aws-sdk/client-ecr";
import { AwsError } from "../../../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../../../engine/embedded-aws.ts";
import type { Principal } from "../../../../engine/principal.ts";
import { answerLayer } from "../../../ecr/layer-download.ts";
import { callService } from "../../call-service.ts";
import type { Layer } from "./layer.ts";

/** An image in a private registry, and who pulls it. */
export interface PullSource {
  readonly principal: Principal;
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
  readonly imageId: { readonly imageTag: string } | { readonly imageDigest: string };
}

/** A manifest, as far as a pull reads it. */
interface Manifest {
  readonly config?: { readonly digest: string };
  readonly layers?: readonly { readonly digest: string }[];
}

/** An image's config, as far as somebody reads it. */
interface ImageConfig {
  readonly architecture?: string;
  readonly rootfs?: { readonly diff_ids?: readonly string[] };
}

/**
 * Pulls an image as docker does: the manifest, then config and layers by the URLs that ECR gives for them.
 * @throws AwsError where there is no such image, or the principal may not have it
 */
export async function pullImage(
  aws: EmbeddedAws,
  { principal, registryId, region, repositoryName, imageId }: PullSource,
): Promise<{ readonly digest: string; readonly config: ImageConfig; readonly layers: readonly Layer[] }> {
  const call = <Output>(operation: string, input: object): Promise<Output> =>
    callService<Output>(aws, "ecr", operation, { registryId, repositoryName, ...input }, { principal, region });
  const { images, failures } = await call<BatchGetImageCommandOutput>("BatchGetImage", { imageIds: [imageId] });
  const [image] = images ?? [];
  const digest = image?.imageId?.imageDigest;
  if (digest === undefined) throw new AwsError("ImageNotFoundException", failures?.[0]?.failureReason ?? "not found");
  const download = async (layerDigest: string): Promise<Uint8Array> => {
    const { downloadUrl = "" } = await call<GetDownloadUrlForLayerCommandOutput>("GetDownloadUrlForLayer", {
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
