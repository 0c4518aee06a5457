import { ECRClient } from "@aws-sdk/client-ecr";
import { copyImage } from "../../adapters/containers/copy-image.ts";
import { findImage, type Repository, removeFrom } from "../../adapters/containers/repository-images.ts";
import { type ContainerImage, toContainerImage } from "../../core/containers/container-image.ts";
import { buildsRepository, channelRepository } from "../../core/names.ts";
import { entities, type LaunchPermission, noPermission, union } from "../../core/share/launch-permission.ts";
import type { ContainerImageId } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import type { Artifact, Giving } from "../share/artifact.ts";
import { readPermission } from "../share/read-permission.ts";

export type ContainerInvocation = Pick<Invocation, "client" | "settings" | "ledger">;

/**
 * A container image. The policy of a channel's repository lets its consumers pull, so being in that repository means
 * being in the channel, marked, and shared. The builds' repository keeps the image, and only the factory may pull from
 * it.
 */
export function toContainer(id: ContainerImageId, invocation: ContainerInvocation): Artifact {
  const places = placesOf(id, invocation);
  const { ecr, image, builds, own, all, of } = places;
  const imageId = { imageDigest: image.digest };
  const takeFrom = (some: readonly Repository[]) => Promise.all(some.map((one) => removeFrom(ecr, one, imageId)));
  return {
    async findState() {
      const found = (await findImage(ecr, builds, imageId)) ?? (own && (await findImage(ecr, own, imageId)));
      return found?.state;
    },
    readPermission: () => readWhoPulls(places, invocation),
    async removePermission(removed) {
      if (entities(removed).length > 0) await takeFrom(own ? [own] : all);
    },
    async unmark(_build, channel) {
      await takeFrom([of(channel)]);
    },
    async disable() {
      await takeFrom(all);
    },
    // Nothing to do: marking copies it to channels.
    enable: async () => {},
  };
}

/** To share a container image, copy it to a channel's repository. */
export function giveContainer(id: ContainerImageId, invocation: ContainerInvocation): Giving {
  const { ecr, image, builds, own, of } = placesOf(id, invocation);
  const copyTo = (to: Repository) => copyImage(ecr, { from: builds, to }, image.digest);
  return {
    async prepare() {
      if (!(await findImage(ecr, builds, { imageDigest: image.digest }))) throw new ImageGone(id);
    },
    async addPermission(added) {
      if (own && entities(added).length > 0) await copyTo(own);
    },
    mark: (_build, channel) => copyTo(of(channel)),
  };
}

/** The repositories that may have an image in its region. */
export interface Places {
  readonly ecr: ECRClient;
  readonly image: ContainerImage;
  readonly builds: Repository;
  /** The repository of the channel in its id; undefined where the id has the builds' repository. */
  readonly own: Repository | undefined;
  /** Those of the configured channels. */
  readonly all: readonly Repository[];
  readonly of: (channel: string) => Repository;
}

export function placesOf(
  id: ContainerImageId,
  { client, settings }: Pick<ContainerInvocation, "client" | "settings">,
): Places {
  const image = toContainerImage(id);
  const { name, images } = settings.factory;
  const named = (repositoryName: string): Repository => ({ registryId: image.account, repositoryName });
  const of = (channel: string) => named(channelRepository(name, image.image, channel));
  return {
    ecr: client(ECRClient, image.region),
    image,
    builds: named(buildsRepository(name, image.image)),
    own: image.channel === undefined ? undefined : of(image.channel),
    all: (images[image.image]?.channels ?? []).map((channel) => of(channel.name)),
    of,
  };
}

/**
 * The shares of the channels whose repositories have it: of the channel in its id or, for the builds' repository, of
 * all.
 */
async function readWhoPulls({ ecr, image, of }: Places, invocation: ContainerInvocation): Promise<LaunchPermission> {
  const channels = invocation.settings.factory.images[image.image]?.channels ?? [];
  const asked = channels.filter(({ name }) => image.channel === undefined || name === image.channel);
  const each = await Promise.all(
    asked.map(async ({ name, share }) =>
      (await findImage(ecr, of(name), { imageDigest: image.digest }))
        ? readPermission(share, invocation)
        : noPermission,
    ),
  );
  return each.reduce(union, noPermission);
}

/** It was deleted meanwhile. */
class ImageGone extends Error {
  override readonly name = "ImageGone";

  constructor(id: string) {
    super(`${id} no longer exists, so it cannot be shared; start another build.`);
  }
}
