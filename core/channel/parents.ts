import type { Factory } from "../factory/factory-schema.ts";

/** A channel that other images of the factory are built from. */
export interface ParentChannel {
  readonly image: string;
  readonly channel: string;
  /** The parameter of the AMI that the image, or its first ancestor, starts from. */
  readonly root: string;
}

type Parents = Pick<Factory, "images">;

/** The distinct channels that recipes of AMIs start from. Container images start from a channel's tag instead. */
export function parentChannels(factory: Parents): ParentChannel[] {
  const found = new Map<string, ParentChannel>();
  for (const { kind, parent } of Object.values(factory.images)) {
    if (kind !== "ami" || !("image" in parent)) continue;
    const { image, channel } = parent;
    found.set(`${image}/${channel}`, { image, channel, root: rootOf(factory, image) });
  }
  return [...found.values()];
}

export const findParentChannel = (
  factory: Parents,
  { image, channel }: Pick<ParentChannel, "image" | "channel">,
): ParentChannel | undefined =>
  parentChannels(factory).find((parent) => parent.image === image && parent.channel === channel);

/** The config does not allow cycles of parents, AMIs based on container images, or children of images that AWS manages. */
function rootOf({ images }: Parents, image: string): string {
  const parent = images[image]?.parent;
  if (parent && "ssm" in parent) return parent.ssm;
  if (parent && "image" in parent) return rootOf({ images }, parent.image);
  throw new Error(`The AMIs of ${image} do not start from a parameter.`);
}
