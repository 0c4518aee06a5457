import type { Channel } from "./channel-schema.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** A command or config names an image that the factory does not have. */
class UnknownImage extends Error {
  override readonly name = "UnknownImage";

  constructor(image: string, factory: Factory) {
    super(`The factory ${factory.name} has no image "${image}"; it has ${Object.keys(factory.images).join(", ")}.`);
  }
}

/** @throws UnknownImage naming the existing images */
export function requireImage(factory: Factory, image: string): Image {
  const found = factory.images[image];
  if (!found) throw new UnknownImage(image, factory);
  return found;
}

/** A command or config names a channel that the image does not have. */
class UnknownChannel extends Error {
  override readonly name = "UnknownChannel";

  constructor(image: string, channel: string, valid: readonly string[]) {
    super(`The image ${image} has no channel "${channel}"; it has ${valid.join(", ")}.`);
  }
}

/** @throws UnknownImage, UnknownChannel */
export function requireChannel(factory: Factory, image: string, channel: string): Channel {
  const { channels } = requireImage(factory, image);
  const found = channels.find(({ name }) => name === channel);
  if (!found)
    throw new UnknownChannel(
      image,
      channel,
      channels.map(({ name }) => name),
    );
  return found;
}
