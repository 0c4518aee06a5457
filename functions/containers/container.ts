import { ECRClient } from "@aws-sdk/client-ecr";
import { copyImage } from "../../adapters/containers/copy-image.ts";
import { findImage, type Repository, removeFrom } from "../../adapters/containers/repository-images.ts";
import { type ContainerImage, toContainerImage } from "../../core/containers/container-image.ts";
import { buildsRepository, channelRepository } from "../../core/names.ts";
import { entities, type LaunchPermission, nobody, union } from "../../core/share/launch-permission.ts";
import type { ContainerImageId } from "../../events/ids.ts";
import type { Artifact, Giving } from "../share/artifact.ts";
import { readPermission } from "../share/read-permission.ts";
import type { Step } from "../step.ts";

export type ContainerStep = Pick<Step, "client" | "settings" | "ledger">;

/**
 * A container image: whoever may pull from a channel's repository may have it, as its policy says, so that being in a
 * channel, being marked as in it and being shared with its consumers are one and the same: it lies there, or not. The
 * builds' repository keeps it, and nobody else may pull from that.
 */
export function toContainer(id: ContainerImageId, step: ContainerStep): Artifact {
  const places = placesOf(id, step);
  const { ecr, image, builds, own, all, of } = places;
  const imageId = { imageDigest: image.digest };
  const takeFrom = (some: readonly Repository[]) => Promise.all(some.map((one) => removeFrom(ecr, one, imageId)));
  return {
    async findState() {
      const found = (await findImage(ecr, builds, imageId)) ?? (own && (await findImage(ecr, own, imageId)));
      return found?.state;
    },
    readPermission: () => readWhoPulls(places, step),
    async removePermission(removed) {
      if (entities(removed).length > 0) await takeFrom(own ? [own] : all);
    },
    async unmark(_build, channel) {
      await takeFrom([of(channel)]);
    },
    async disable() {
      await takeFrom(all);
    },
    // It is in no channel yet: marks bring it there.
    enable: async () => {},
  };
}

/** Giving a container image to consumers is copying it to a channel's repository. */
export function giveContainer(id: ContainerImageId, step: ContainerStep): Giving {
  const { ecr, image, builds, own, of } = placesOf(id, step);
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

/** Where an image may lie in its region. */
export interface Places {
  readonly ecr: ECRClient;
  readonly image: ContainerImage;
  readonly builds: Repository;
  /** The channel's whose repository it is named by; undefined where that is the builds'. */
  readonly own: Repository | undefined;
  /** Those of the channels that the config has. */
  readonly all: readonly Repository[];
  readonly of: (channel: string) => Repository;
}

export function placesOf(
  id: ContainerImageId,
  { client, settings }: Pick<ContainerStep, "client" | "settings">,
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

/** What the shares of those channels say in whose repositories it lies; of all, where it is named by the builds'. */
async function readWhoPulls({ ecr, image, of }: Places, step: ContainerStep): Promise<LaunchPermission> {
  const channels = step.settings.factory.images[image.image]?.channels ?? [];
  const asked = channels.filter(({ name }) => image.channel === undefined || name === image.channel);
  const each = await Promise.all(
    asked.map(async ({ name, share }) =>
      (await findImage(ecr, of(name), { imageDigest: image.digest })) ? readPermission(share, step) : nobody,
    ),
  );
  return each.reduce(union, nobody);
}

/** Somebody deleted it meanwhile. */
class ImageGone extends Error {
  override readonly name = "ImageGone";

  constructor(id: string) {
    super(`${id} is not there any more, so it cannot be shared; build the image anew.`);
  }
}
