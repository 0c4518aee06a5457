import type { ECRClient } from "@aws-sdk/client-ecr";
import { copyLayers, type Way } from "./copy-layers.ts";
import { putManifest, readManifest } from "./manifests.ts";
import { findImage, type Repository } from "./repository-images.ts";

/**
 * Copies an image by its digest, with its tags, to another repository of the same registry and region, and reads back
 * that it is there. One that is there already costs two looks, which are no pulls.
 * @throws NotCopied where ECR took it and does not show it
 */
export async function copyImage(client: ECRClient, way: Way, digest: string): Promise<void> {
  const id = { imageDigest: digest };
  const [source, present] = await Promise.all([findImage(client, way.from, id), findImage(client, way.to, id)]);
  const tags = (source?.tags ?? []).filter((tag) => !present?.tags.includes(tag));
  if (present && tags.length === 0) return;
  const manifest = await readManifest(client, way.from, digest);
  for (const listed of manifest.listed) await copyImage(client, way, listed);
  await copyLayers(client, way, manifest.blobs);
  for (const tag of tags.length > 0 ? tags : [undefined]) await putManifest(client, way.to, { digest, manifest, tag });
  if (!(await findImage(client, way.to, id))) throw new NotCopied(digest, way.to);
}

/**
 * Points a tag at an image that is in a repository. One that points at it already stays.
 * @param of where the image's manifest is read: that counts as a pull
 */
export async function moveTag(
  client: ECRClient,
  { repository, tag, digest, of }: { repository: Repository; tag: string; digest: string; of: Repository },
): Promise<void> {
  if ((await findImage(client, repository, { imageTag: tag }))?.digest === digest) return;
  await putManifest(client, repository, { digest, manifest: await readManifest(client, of, digest), tag });
}

class NotCopied extends Error {
  override readonly name = "NotCopied";

  constructor(digest: string, { repositoryName }: Repository) {
    super(`The image ${digest} is not in the repository ${repositoryName} although ECR took it.`);
  }
}
