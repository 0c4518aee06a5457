import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type PublicFamily, type PublicFamilyName, publicFamilies } from "./public-images.ts";
import { releasePublicImage } from "./release-public-image.ts";

/** The public images of Amazon and Canonical that recipes start from, in their versions of today, with their parameters. */
export function seedPublicImages(aws: EmbeddedAws, regions: readonly string[]): void {
  const today = new Date(aws.clock.now()).toISOString().slice(0, 10);
  for (const [name, family] of Object.entries(publicFamilies) as [PublicFamilyName, PublicFamily][]) {
    for (const architecture of family.architectures) {
      releasePublicImage(aws, { family: name, architecture, regions, version: family.versionOn(today) });
    }
  }
}
