import { type ContainerImageId, parseContainerImageId } from "../../events/ids.ts";

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
/** A container image of a registry by a tag. */
export interface RegistryReference {
  /** Host and port. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Names without a registry are Docker Hub's, those without a slash its official images (Docker's reference, "docker image pull"). */
const HUB = "registry-1.docker.io";

/**
 * Reads a reference such as `public.ecr.aws/docker/library/node:22`; undefined for one by its digest, which means the same
 * one for ever.
 */
export function parseReference(reference: string): RegistryReference | undefined {
  const tagged = /^(?<name>.+):(?<tag>[\w.-]+)$/.exec(reference)?.groups;
  if (!tagged?.name || !tagged.tag || reference.includes("@")) return undefined;
  const { name, tag } = tagged;
  const [first = "", ...rest] = name.split("/");
  // A registry's host has a dot or a port; a folder of Docker Hub's has neither.
  if (rest.length > 0 && /[.:]|^localhost$/.test(first)) {
    const registry = first === "docker.io" ? HUB : first;
    return { registry, repository: registry === HUB ? onHub(rest) : rest.join("/"), tag };
  }
  return { registry: HUB, repository: onHub([first, ...rest]), tag };
}

const onHub = (parts: readonly string[]): string => (parts.length === 1 ? `library/${parts[0]}` : parts.join("/"));
