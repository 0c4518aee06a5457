import { type ContainerImageId, parseContainerImageId } from "../events/ids.ts";

/** A container image in a private registry of ECR, as Image Builder and docker name it. */
export interface ImageUri {
  /** `<account>.dkr.ecr.<region>.<suffix>` */
  readonly registry: string;
  readonly repository: string;
  /** `sha256:...`, or a tag that means some digest. */
  readonly by: { readonly imageDigest: string } | { readonly imageTag: string };
}

const URI =
  /^(\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?)\/([^:@]+)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$/;

/** Undefined where it is no such name. */
export function parseImageUri(uri: string): ImageUri | undefined {
  const [, registry, repository, imageTag, imageDigest] = URI.exec(uri) ?? [];
  if (registry === undefined || repository === undefined) return undefined;
  if (imageDigest !== undefined) return { registry, repository, by: { imageDigest } };
  return imageTag === undefined ? undefined : { registry, repository, by: { imageTag } };
}

/** What an image is called by its digest. */
export const imageByDigest = ({ registry, repository }: ImageUri, digest: string): ContainerImageId =>
  parseContainerImageId(`${registry}/${repository}@${digest}`);
