import type { Factory } from "./factory/factory-schema.ts";
import type { Image } from "./factory/image-schema.ts";

/** Where a build that passed goes: copies first, then channel by channel. The state machine walks it. */
export interface PromotionPlan {
  readonly distribute: readonly { readonly region: string }[];
  readonly channels: readonly {
    readonly name: string;
    readonly regions: readonly string[];
    /** Seconds between this channel's move and the next channel; zero after the last. */
    readonly soakSeconds: number;
  }[];
}

export const planPromotion = (factory: Pick<Factory, "buildRegion" | "regions">, image: Image): PromotionPlan => ({
  distribute: factory.regions.filter((region) => region !== factory.buildRegion).map((region) => ({ region })),
  channels: image.channels.map(({ name, soak }, index) => ({
    name,
    regions: factory.regions,
    soakSeconds: index < image.channels.length - 1 ? soak : 0,
  })),
});
