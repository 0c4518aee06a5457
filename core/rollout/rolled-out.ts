import { regionsOfChannel } from "../channel/regions.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Rollout } from "../factory/rollout-schema.ts";
import type { Share } from "../factory/share-schema.ts";

/** A channel that running instances follow. */
interface RolledOut {
  readonly image: string;
  readonly channel: string;
  readonly share: Share;
  readonly regions: readonly string[];
  readonly rollout: Rollout;
}

/** The channels with `rollout`, in the config's order. */
export const rolledOutChannels = (factory: Pick<Factory, "regions" | "images">): RolledOut[] =>
  Object.entries(factory.images).flatMap(([image, config]) =>
    config.channels.flatMap((channel) =>
      channel.rollout
        ? [
            {
              image,
              channel: channel.name,
              share: channel.share,
              regions: regionsOfChannel(factory, config, channel),
              rollout: channel.rollout,
            },
          ]
        : [],
    ),
  );
