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
