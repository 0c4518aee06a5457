import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
} from "@aws-sdk/client-ecr";
import { unlessError } from "../../adapters/unless-error.ts";
import type { ImageUri } from "../../core/containers/references.ts";
import { asAccount, type ClientOptions } from "../boot/client-options.ts";

/** A container image in a region's registry of the factory's account. */
export interface Pulled {
  readonly options: ClientOptions;
  readonly region: string;
  readonly registryId: string;
  readonly uri: ImageUri;
}

/** Whether an account could `docker pull` it: it can read the manifest and the URL of a layer. */
export async function mayPull(account: string, { options, region, registryId, uri }: Pulled): Promise<boolean> {
  const ecr = new ECRClient(asAccount(options, account, region));
  const named = { registryId, repositoryName: uri.repository };
  try {
    const { images = [] } = await ecr.send(new BatchGetImageCommand({ ...named, imageIds: [uri.by] }));
    const manifest = JSON.parse(images[0]?.imageManifest ?? "{}") as { readonly config?: { readonly digest?: string } };
    const layerDigest = manifest.config?.digest;
    if (!layerDigest) return false;
    await ecr.send(new GetDownloadUrlForLayerCommand({ ...named, layerDigest }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "AccessDeniedException") return false;
    throw error;
  }
}

/** Its tags, as its owner sees them; undefined if it does not exist. */
export async function findTags({ options, region, registryId, uri }: Pulled): Promise<readonly string[] | undefined> {
  const ecr = new ECRClient(asAccount(options, registryId, region));
  const describe = new DescribeImagesCommand({ repositoryName: uri.repository, imageIds: [uri.by] });
  const found = await unlessError(ecr.send(describe), /^ImageNotFoundException$/);
  return found && (found.imageDetails?.[0]?.imageTags ?? []);
}

/** Its build, `1.0.0/3`, from the tag that never moves. */
export async function buildOf(image: Pulled): Promise<string> {
  const tag = (await findTags(image))?.find((one) => /^\d+\.\d+\.\d+-\d+$/.test(one));
  return tag?.replace("-", "/") ?? `${image.uri.repository} without a build's tag`;
}
