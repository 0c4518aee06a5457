import type { Channel } from "../factory/channel-schema.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";

/** The regions of an image: its own, else the factory's. The build region is one of them. */
export const regionsOfImage = ({ regions }: Pick<Factory, "regions">, image: Pick<Image, "regions">) =>
  image.regions ?? regions;

/** The regions of a channel: its own, else its image's. */
export const regionsOfChannel = (
  factory: Pick<Factory, "regions">,
  image: Pick<Image, "regions">,
  channel: Pick<Channel, "regions">,
): readonly string[] => channel.regions ?? regionsOfImage(factory, image);

/** How many of its regions must have a build before the channel moves. */
export const quorumOf = (regions: readonly string[], { quorum }: Pick<Channel, "quorum">): number =>
  quorum ?? regions.length;

/** The regions with a container image's builds: the build region, then those of its channels. */
export const regionsOfBuilds = (
  factory: Pick<Factory, "buildRegion" | "regions">,
  image: Pick<Image, "regions" | "channels">,
): readonly string[] => [
  ...new Set([factory.buildRegion, ...image.channels.flatMap((channel) => regionsOfChannel(factory, image, channel))]),
];
