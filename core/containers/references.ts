import { type ContainerImageId, parseContainerImageId } from "../../events/ids.ts";

/** The URI of a container image in a private ECR registry, as used by Image Builder and docker. */
export interface ImageUri {
  /** `<account>.dkr.ecr.<region>.<suffix>` */
  readonly registry: string;
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  /** A digest, `sha256:...`, or a tag. */
  readonly by: { readonly imageDigest: string } | { readonly imageTag: string };
}

const URI =
  /^((\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)\/([^:@]+)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$/;

/** @returns undefined if the text is not such a URI */
export function parseImageUri(uri: string): ImageUri | undefined {
  const [, registry, account, region, repository, imageTag, imageDigest] = URI.exec(uri) ?? [];
  if (!registry || !account || !region || !repository) return undefined;
  const named = { registry, account, region, repository };
  if (imageDigest !== undefined) return { ...named, by: { imageDigest } };
  return imageTag === undefined ? undefined : { ...named, by: { imageTag } };
}

/** The URI of an image by its digest. */
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

/** Names without a registry are Docker Hub's; those without a slash are its official images (Docker's reference, "docker image pull"). */
const HUB = "registry-1.docker.io";

/**
 * Parses a reference such as `public.ecr.aws/docker/library/node:22`; undefined for a reference by digest, which never
 * changes.
 */
export function parseReference(reference: string): RegistryReference | undefined {
  const tagged = /^(?<name>.+):(?<tag>[\w.-]+)$/.exec(reference)?.groups;
  if (!tagged?.name || !tagged.tag || reference.includes("@")) return undefined;
  const { name, tag } = tagged;
  const [first = "", ...rest] = name.split("/");
  // A registry's host has a dot or a port; a namespace on Docker Hub has neither.
  if (rest.length > 0 && /[.:]|^localhost$/.test(first)) {
    const registry = first === "docker.io" ? HUB : first;
    return { registry, repository: registry === HUB ? onHub(rest) : rest.join("/"), tag };
  }
  return { registry: HUB, repository: onHub([first, ...rest]), tag };
}

const onHub = (parts: readonly string[]): string => (parts.length === 1 ? `library/${parts[0]}` : parts.join("/"));
