import { ECRClient } from "@aws-sdk/client-ecr";
import { SSMClient } from "@aws-sdk/client-ssm";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { moveTag } from "../../adapters/containers/copy-image.ts";
import { findImage, type Repository, removeFrom } from "../../adapters/containers/repository-images.ts";
import { toContainerImage } from "../../core/containers/container-image.ts";
import { buildsRepository, channelRepository } from "../../core/names.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type ArtifactId, isContainerImageId } from "../../events/ids.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./in-all-regions.ts";

// What points at a channel's build in a region beside its parameter: of container images, a tag that is called like the
// channel, in the channel's repository. AMIs have none.

type Tagging = Pick<Step, "client" | "settings">;

const repositoryOf = ({ image, channel }: ChannelOf, { settings }: Tagging): Repository => ({
  registryId: settings.place.account,
  repositoryName: channelRepository(settings.factory.name, image, channel),
});

/** Moves the channel's tag to an image; of an AMI there is nothing to move. */
export async function pointTag(at: ChannelOf, id: Proven, step: Tagging): Promise<void> {
  if (!isContainerImageId(id)) return;
  const { region, digest } = toContainerImage(id);
  const repository = repositoryOf(at, step);
  const { factory } = step.settings;
  // Read from the builds': a pull from the channel's would look like a consumer's.
  const of = { ...repository, repositoryName: buildsRepository(factory.name, at.image) };
  await moveTag(step.client(ECRClient, region), { repository, tag: at.channel, digest, of });
}

/** A channel of container images that points at nothing has no tag; the image stays under the tag of its build. */
export async function removeTag(at: ChannelOf, region: string, step: Tagging): Promise<void> {
  if (step.settings.factory.images[at.image]?.kind !== "container") return;
  const repository = repositoryOf(at, step);
  const ecr = step.client(ECRClient, region);
  const tagged = await findImage(ecr, repository, { imageTag: at.channel });
  if (!tagged) return;
  // ECR removes an image with its last tag, which is right: nothing lies there without its build's.
  await removeFrom(ecr, repository, { imageTag: at.channel });
}

/** Takes an image from the channel's repository, with its tags. */
export async function takeTagged(at: ChannelOf, id: ArtifactId | undefined, step: Tagging): Promise<void> {
  if (!id || !isContainerImageId(id)) return;
  const { region, digest } = toContainerImage(id);
  await removeFrom(step.client(ECRClient, region), repositoryOf(at, step), { imageDigest: digest });
}

interface Asked {
  readonly region: string;
  readonly parameter: string;
  /** What both should say. */
  readonly wanted: ArtifactId | undefined;
}

/** What a channel says in a region: its parameter, and where that is as it should be, its tag. Undefined: nothing. */
export async function readSaid(
  at: ChannelOf,
  { region, parameter, wanted }: Asked,
  step: Tagging,
): Promise<string | undefined> {
  const says = await readParameter(step.client(SSMClient, region), parameter);
  if (says !== wanted || !wanted || !isContainerImageId(wanted)) return says;
  const tagged = await findImage(step.client(ECRClient, region), repositoryOf(at, step), { imageTag: at.channel });
  return tagged && `${wanted.slice(0, wanted.indexOf("@"))}@${tagged.digest}`;
}
