import { type ContainerImageId, parseContainerImageId } from "../events/ids.ts";

/** A container image in a private registry of ECR, as Image Builder and docker name it. */
export interface ImageUri {
  /** `<account>.dkr.ecr.<region>.<suffix>` */
  readonly registry: string;
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  /** `sha256:...`, or a tag that means some digest. */
  readonly by: { readonly imageDigest: string } | { readonly imageTag: string };
}

const URI =
  /^((\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)\/([^:@]+)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$/;

/** Undefined where it is no such name. */
export function parseImageUri(uri: string): ImageUri | undefined {
  const [, registry, account, region, repository, imageTag, imageDigest] = URI.exec(uri) ?? [];
  if (!registry || !account || !region || !repository) return undefined;
  const named = { registry, account, region, repository };
  if (imageDigest !== undefined) return { ...named, by: { imageDigest } };
  return imageTag === undefined ? undefined : { ...named, by: { imageTag } };
}

/** What an image is called by its digest. */
export const imageByDigest = (
  { registry, repository }: Pick<ImageUri, "registry" | "repository">,
  digest: string,
): ContainerImageId => parseContainerImageId(`${registry}/${repository}@${digest}`);
