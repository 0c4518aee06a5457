import { ECRClient } from "@aws-sdk/client-ecr";
import { SSMClient } from "@aws-sdk/client-ssm";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { moveTag } from "../../adapters/containers/copy-image.ts";
import { findImage, type Repository, removeFrom } from "../../adapters/containers/repository-images.ts";
import { toContainerImage } from "../../core/containers/container-image.ts";
import { buildsRepository, channelRepository } from "../../core/names.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import type { ChannelOf } from "./in-all-regions.ts";

// In a region, a container image's channel has a tag with its name in the channel's repository, beside its parameter.
// AMIs have none.

type Tagging = Pick<Invocation, "client" | "settings">;

const repositoryOf = ({ image, channel }: ChannelOf, { settings }: Tagging): Repository => ({
  registryId: settings.place.account,
  repositoryName: channelRepository(settings.factory.name, image, channel),
});

/** Moves the channel's tag to an image; does nothing for AMIs. */
export async function pointTag(at: ChannelOf, id: Proven, invocation: Tagging): Promise<void> {
  if (!isContainerImageId(id)) return;
  const { region, digest } = toContainerImage(id);
  const repository = repositoryOf(at, invocation);
  const { factory } = invocation.settings;
  // Read from the builds' repository: a pull from the channel's would count as a consumer's.
  const of = { ...repository, repositoryName: buildsRepository(factory.name, at.image) };
  await moveTag(invocation.client(ECRClient, region), { repository, tag: at.channel, digest, of });
}

/** An empty channel of container images has no tag; the image keeps its build's tag. */
export async function removeTag(at: ChannelOf, region: string, invocation: Tagging): Promise<void> {
  if (invocation.settings.factory.images[at.image]?.kind !== "container") return;
  const repository = repositoryOf(at, invocation);
  const ecr = invocation.client(ECRClient, region);
  const tagged = await findImage(ecr, repository, { imageTag: at.channel });
  if (!tagged) return;
  // ECR deletes an image with its last tag; an image that is still in use also has its build's tag.
  await removeFrom(ecr, repository, { imageTag: at.channel });
}

/** Removes an image, with its tags, from the channel's repository. */
export async function takeTagged(at: ChannelOf, id: ArtifactId | undefined, invocation: Tagging): Promise<void> {
  if (!id || !isContainerImageId(id)) return;
  const { region, digest } = toContainerImage(id);
  await removeFrom(invocation.client(ECRClient, region), repositoryOf(at, invocation), { imageDigest: digest });
}

interface Asked {
  readonly region: string;
  readonly parameter: string;
  /** The expected value of both. */
  readonly wanted: ArtifactId | undefined;
}

/**
 * A channel's value in a region: its parameter's and, when that is as expected, its tag's. Undefined where there is
 * none.
 */
export async function readSaid(
  at: ChannelOf,
  { region, parameter, wanted }: Asked,
  invocation: Tagging,
): Promise<string | undefined> {
  const says = await readParameter(invocation.client(SSMClient, region), parameter);
  if (says !== wanted || !wanted || !isContainerImageId(wanted)) return says;
  const tagged = await findImage(invocation.client(ECRClient, region), repositoryOf(at, invocation), {
    imageTag: at.channel,
  });
  return tagged && `${wanted.slice(0, wanted.indexOf("@"))}@${tagged.digest}`;
}
