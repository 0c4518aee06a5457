import { type ArtifactId, type ContainerImageId, isContainerImageId } from "../../events/ids.ts";
import { BUILDS, channelRepository } from "../names.ts";
import { imageByDigest, parseImageUri } from "./references.ts";

/** A container image of a factory, taken apart. */
export interface ContainerImage {
  readonly account: string;
  readonly region: string;
  /** Of ECR, within the registry. */
  readonly repository: string;
  /** The image of the config. */
  readonly image: string;
  /** The channel whose repository it is; undefined: the builds'. */
  readonly channel: string | undefined;
  /** `sha256:...`: the same in each repository and region. */
  readonly digest: string;
}

/** @throws NotOfAFactory where its repository is none of a factory's */
export function toContainerImage(id: ContainerImageId): ContainerImage {
  const { account, region, repository, by } = parseImageUri(id) ?? {};
  const [place, image] = repository?.split("/").toReversed() ?? [];
  if (!account || !region || !repository || !place || !image || !by || !("imageDigest" in by)) {
    throw new NotOfAFactory(id);
  }
  return { account, region, repository, image, channel: place === BUILDS ? undefined : place, digest: by.imageDigest };
}

interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}

/**
 * What a channel's consumers get of what a build yields: an AMI as it is; a container image from the channel's own
 * repository. What builds and copies are recorded with lies in the repository of the builds.
 */
export const artifactInChannel = (id: ArtifactId, factory: string, { image, channel }: ChannelOf): ArtifactId =>
  isContainerImageId(id) ? inRepository(id, channelRepository(factory, image, channel)) : id;

function inRepository(id: ContainerImageId, repository: string): ContainerImageId {
  const { registry, by } = parseImageUri(id) ?? {};
  if (!registry || !by || !("imageDigest" in by)) throw new NotOfAFactory(id);
  return imageByDigest({ registry, repository }, by.imageDigest);
}

/** What people call it. */
export const sayArtifact = (id: ArtifactId): string => (isContainerImageId(id) ? `image ${id}` : `AMI ${id}`);

class NotOfAFactory extends Error {
  override readonly name = "NotOfAFactory";

  constructor(id: string) {
    super(`${id} is in no repository of a factory's, <factory>/<image>/${BUILDS} or <factory>/<image>/<channel>.`);
  }
}
