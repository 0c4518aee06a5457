import { type ArtifactId, type ContainerImageId, isContainerImageId } from "../../events/ids.ts";
import { BUILDS, channelRepository } from "../names.ts";
import { imageByDigest, parseImageUri } from "./references.ts";

/** The parts of a container image's URI. */
export interface ContainerImage {
  readonly account: string;
  readonly region: string;
  /** The ECR repository's name. */
  readonly repository: string;
  /** The image's name in the config. */
  readonly image: string;
  /** The channel of the repository; undefined for the repository of builds. */
  readonly channel: string | undefined;
  /** `sha256:...`: the same in each repository and region. */
  readonly digest: string;
}

/** @throws NotOfAFactory if its repository is not a factory's */
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
 * The artifact that a channel's consumers use: an AMI is unchanged, a container image is in the channel's repository. The
 * ledger records builds and copies with the repository of builds.
 */
export const artifactInChannel = (id: ArtifactId, factory: string, { image, channel }: ChannelOf): ArtifactId =>
  isContainerImageId(id) ? inRepository(id, channelRepository(factory, image, channel)) : id;

function inRepository(id: ContainerImageId, repository: string): ContainerImageId {
  const { registry, by } = parseImageUri(id) ?? {};
  if (!registry || !by || !("imageDigest" in by)) throw new NotOfAFactory(id);
  return imageByDigest({ registry, repository }, by.imageDigest);
}

/** An artifact in words. */
export const sayArtifact = (id: ArtifactId): string => (isContainerImageId(id) ? `image ${id}` : `AMI ${id}`);

class NotOfAFactory extends Error {
  override readonly name = "NotOfAFactory";

  constructor(id: string) {
    super(
      `${id} is not in a repository of a factory; expected <factory>/<image>/${BUILDS} or <factory>/<image>/<channel>.`,
    );
  }
}
