import type { BuildArn } from "../../events/ids.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import { isLeft } from "../find-drift.ts";
import type { PromotionPlan } from "../plan-promotion.ts";
import type { Pointed } from "./held-regions.ts";
import { regionsOfChannel } from "./regions.ts";

/** Where a channel points, and since when nobody has been at it. */
interface Standing extends Pointed {
  readonly movedAt: string;
  readonly changedAt?: string | undefined;
}

export interface CatchUp {
  readonly build: BuildArn;
  /** As a promotion's plan, for the regions that are behind alone. Nobody is asked again, and one region is enough. */
  readonly again: PromotionPlan;
}

/**
 * What brings the regions up that do not have what an image's channels point at, one plan for each build. A channel that
 * was moved a moment ago is left to those who move it.
 * @param channels where they point, by name
 */
export function planCatchUps(
  factory: Pick<Factory, "regions" | "buildRegion">,
  image: Pick<Image, "regions" | "channels">,
  channels: Readonly<Record<string, Standing>>,
  now: Date,
): CatchUp[] {
  const behind = image.channels.flatMap((channel) => {
    const pointed = channels[channel.name];
    if (!pointed || !isLeft(pointed.changedAt ?? pointed.movedAt, now)) return [];
    const regions = regionsOfChannel(factory, image, channel).filter((region) => !pointed.amis[region]);
    return regions.length > 0 ? [{ name: channel.name, build: pointed.build, regions }] : [];
  });
  return [...Map.groupBy(behind, ({ build }) => build)].map(([build, those]) => ({
    build,
    again: {
      distribute: [...new Set(those.flatMap(({ regions }) => regions))]
        .filter((region) => region !== factory.buildRegion)
        .map((region) => ({ region })),
      channels: those.map(({ name, regions }) => ({ name, regions, quorum: 0, soakSeconds: 0 })),
    },
  }));
}
