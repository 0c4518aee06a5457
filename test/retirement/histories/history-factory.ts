import type { FactoryInput } from "../../../core/factory/factory-schema.ts";
import { factoryOf, imageOf } from "../../world/factory-of.ts";

export const ACCOUNT = "111122223333";
export const HOME = "eu-west-1";
export const REGIONS = [HOME, "us-east-1"];
/** The accounts that the images are shared with. */
export const CONSUMERS = ["444455556666", "777788889999"];
export const CHANNEL = "stable";
/** The second is built from the first. */
export const IMAGES = ["base", "app"] as const;

export const DAY = 86_400_000;
/** How long a failure, a revocation or a restoration keeps a build, in days. */
export const EVIDENCE_DAYS = 2;
export const KEEP = 1;

type ImageInput = FactoryInput["images"][string];
const image = (parent?: ImageInput["parent"]) =>
  imageOf({
    ...(parent && { parent }),
    channels: [{ name: CHANNEL, share: { accounts: CONSUMERS } }],
    retention: { keep: KEEP, deprecateAfter: "2d", disableAfter: "4d", retireAfter: "11d" },
  });

/** Short ages: a build's life takes two weeks. */
export const factory = factoryOf({
  name: "histories",
  regions: REGIONS,
  leftovers: { keep: `${EVIDENCE_DAYS}d` },
  images: { base: image(), app: image({ image: "base", channel: CHANNEL }) },
});
