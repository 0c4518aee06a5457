import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { publishPublicParameter } from "../ssm/add-version.ts";
import { findSnapshot } from "./find-snapshot.ts";
import { keyOf } from "./launch-permissions.ts";
import { type PublicFamily, type PublicFamilyName, publicFamilies } from "./public-images.ts";
import { registerImage } from "./register-image.ts";
import { ec2State } from "./state.ts";

/** Public images are deprecated two years after they appear (EC2 user guide, "Deprecate an AMI"). */
const TWO_YEARS = 2 * 365 * 86_400_000;

export interface PublicRelease {
  readonly family: PublicFamilyName;
  readonly architecture: "x86_64" | "arm64";
  readonly regions: readonly string[];
  /** As the family writes it, e.g. `2023.11.20260413.0`, `20260413`, `2026.04.13`. */
  readonly version: string;
}

/**
 * Publishes a newer public image in each region, and moves its public parameter to it. Answers the image of each region.
 * @throws AwsError InvalidAMIName.Duplicate for a version that is there
 */
export function releasePublicImage(aws: EmbeddedAws, release: PublicRelease): Readonly<Record<string, string>> {
  const family: PublicFamily = publicFamilies[release.family];
  if (!family.architectures.includes(release.architecture)) {
    throw new Error(`${release.family} has no ${release.architecture} images, only ${family.architectures.join(", ")}`);
  }
  return Object.fromEntries(release.regions.map((region) => [region, publishIn(aws, region, family, release)]));
}

function publishIn(
  aws: EmbeddedAws,
  region: string,
  family: PublicFamily,
  { architecture, version }: PublicRelease,
): string {
  const parameter = family.parameter(architecture);
  const id = registerImage(aws, family.owner, region, {
    name: family.imageName(version, architecture),
    description: family.description(version, architecture),
    architecture,
    platform: family.platform,
    rootDeviceName: family.rootDeviceName,
    publicParameter: parameter,
    blockDeviceMappings: [
      {
        deviceName: family.rootDeviceName,
        encrypted: false,
        volumeSizeGiB: family.volumeSizeGiB,
        volumeType: family.volumeType,
      },
    ],
  });
  const image = aws.state(ec2State, family.owner, region).images.get(id);
  const everybody = { kind: "UserGroup", value: "all" } as const;
  image?.permissions.set(keyOf(everybody), everybody);
  if (image) image.deprecateAt = aws.clock.now() + TWO_YEARS;
  // Anybody may copy a public image of AWS, so its storage is public as well.
  for (const device of image?.devices ?? []) findSnapshot(aws, region, device.snapshotId)?.sharedWith.add("all");
  publishPublicParameter(aws, region, { name: parameter, value: id, dataType: "aws:ec2:image" });
  return id;
}
