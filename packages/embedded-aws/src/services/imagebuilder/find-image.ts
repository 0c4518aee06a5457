import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { type Place, parseArn } from "./arn.ts";
import type { ImageRecord } from "./build/image-record.ts";
import { compareVersions, matchesVersion } from "./semantic-version.ts";
import { builderState } from "./state.ts";

/** All builds that an image ARN stands for: a build version, a version, or a pattern such as `1.x.x`; oldest first. */
export function findImages(aws: EmbeddedAws, place: Place, arn: string): ImageRecord[] {
  const parts = parseArn(arn);
  if (parts?.kind !== "image" || parts.version === undefined || parts.account !== place.account) return [];
  if (parts.region !== place.region) return [];
  const { version: pattern, build } = parts;
  const { images } = aws.state(builderState, place.account, place.region);
  const found = [...images.values()].filter(({ image }) => {
    const own = parseArn(image.arn ?? "");
    if (own?.name !== parts.name || !matchesVersion(own.version ?? "", pattern)) return false;
    return build === undefined || build === "x" || build === own.build;
  });
  return found.sort(
    (a, b) =>
      compareVersions(a.image.version ?? "", b.image.version ?? "") || Number(a.buildNumber) - Number(b.buildNumber),
  );
}

/** The latest AVAILABLE build: what an image ARN as parent, or with wildcards in GetImage, resolves to. */
export const latestAvailable = (aws: EmbeddedAws, place: Place, arn: string): ImageRecord | undefined =>
  findImages(aws, place, arn)
    .filter(({ image }) => image.state?.status === "AVAILABLE")
    .at(-1);
