import type { PublishInput } from "@aws-sdk/client-sns";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { accountPrincipal } from "../../engine/principal.ts";
import { PUBLIC_TOPICS_REGION } from "../sns/seed-public-topics.ts";
import { topicArn } from "../sns/state.ts";
import { publishPublicParameter } from "../ssm/add-version.ts";
import { findImage, findSnapshot } from "./find-image.ts";
import { keyOf } from "./launch-permissions.ts";
import { families, familyOf, type PublicFamily, type PublicFamilyName, publicFamilies } from "./public-images.ts";
import { registerImage } from "./register-image.ts";
import { ec2State } from "./state.ts";

/** Public images are deprecated two years after they appear (EC2 user guide, "Deprecate an AMI"). */
const TWO_YEARS = 2 * 365 * 86_400_000;

interface PublicRelease {
  readonly family: PublicFamilyName;
  readonly architecture: "x86_64" | "arm64";
  readonly regions: readonly string[];
  /** As the family writes it, e.g. `2023.11.20260413.0`, `20260413`, `2026.04.13`. */
  readonly version: string;
}

/**
 * Publishes a new public image in each region, and updates its public parameter. Answers each region's image.
 * @throws AwsError InvalidAMIName.Duplicate for a version that exists
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
  return publishPublicImage(aws, region, {
    owner: family.owner,
    parameter: family.parameter?.(architecture),
    name: family.imageName(version, architecture),
    description: family.description(version, architecture),
    architecture,
    platform: family.platform,
    usageOperation: family.usageOperation,
    rootDeviceName: family.rootDeviceName,
    volumeSizeGiB: family.volumeSizeGiB,
    volumeType: family.volumeType,
  });
}

/**
 * Publishes the successor of an image, with today's version, and updates the parameter that names it. Answers its id;
 * undefined if the image is in no known family.
 * @throws AwsError InvalidAMIName.Duplicate if today's version exists
 */
export function releaseSuccessor(aws: EmbeddedAws, region: string, imageId: string): string | undefined {
  const image = findImage(aws, region, imageId);
  const known = image && familyOf(image);
  if (!known) return undefined;
  const { family, architecture } = known;
  const version = publicFamilies[family].versionOn(new Date(aws.clock.now()).toISOString().slice(0, 10));
  return releasePublicImage(aws, { family, architecture, regions: [region], version })[region];
}

interface PublicImage {
  readonly owner: string;
  /** The public parameter to update, if there is one. */
  readonly parameter: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly architecture: "x86_64" | "arm64";
  readonly platform?: "windows" | undefined;
  /** The billing code of launches; omitted: by its platform. */
  readonly usageOperation?: string | undefined;
  readonly rootDeviceName: string;
  readonly volumeSizeGiB: number;
  readonly volumeType: "gp2" | "gp3";
}

/**
 * Registers a public image, and sets its public parameter. Answers its id.
 * @throws AwsError InvalidAMIName.Duplicate
 */
export function publishPublicImage(
  aws: EmbeddedAws,
  region: string,
  { owner, parameter, volumeSizeGiB, volumeType, ...made }: PublicImage,
): string {
  const device = { deviceName: made.rootDeviceName, encrypted: false, volumeSizeGiB, volumeType };
  const id = registerImage(aws, owner, region, { ...made, publicParameter: parameter, blockDeviceMappings: [device] });
  const image = aws.state(ec2State, owner, region).images.get(id);
  const allAccounts = { kind: "UserGroup", value: "all" } as const;
  image?.permissions.set(keyOf(allAccounts), allAccounts);
  if (image) image.deprecateAt = aws.clock.now() + TWO_YEARS;
  // Any account may copy AWS's public images, so their snapshots are public as well.
  for (const device of image?.devices ?? []) findSnapshot(aws, region, device.snapshotId)?.sharedWith.add("all");
  if (parameter !== undefined) {
    publishPublicParameter(aws, region, { name: parameter, value: id, dataType: "aws:ec2:image" });
  }
  return id;
}

/** The public images that recipes start from, with today's versions and their owners' parameters. */
export function seedPublicImages(aws: EmbeddedAws, regions: readonly string[]): void {
  const today = new Date(aws.clock.now()).toISOString().slice(0, 10);
  for (const [name, family] of families) {
    for (const architecture of family.architectures) {
      releasePublicImage(aws, { family: name, architecture, regions, version: family.versionOn(today) });
    }
  }
}

/** The topics that announce a family's new images; Canonical and Debian have none. */
const TOPICS: Readonly<Partial<Record<PublicFamilyName, string>>> = {
  al2023: "amazon-linux-2023-ami-updates",
  "windows-2022": "ec2-windows-ami-update",
};

interface Announcement {
  readonly family: PublicFamilyName;
  readonly version: string;
  /** Each region's new image, as from `releasePublicImage`. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * Publishes a release to the family's topic, as Amazon does. The message has the form of the only known sample, from
 * 2017, for Amazon Linux 1; current messages are not published.
 * @throws Error for a family without a topic
 */
export async function announceRelease(aws: EmbeddedAws, { family, version, images }: Announcement): Promise<void> {
  const topic = TOPICS[family];
  if (!topic) throw new Error(`no topic announces ${family}; valid: ${Object.keys(TOPICS).join(", ")}`);
  const { owner } = publicFamilies[family];
  const message: PublishInput = {
    TopicArn: topicArn(aws, owner, PUBLIC_TOPICS_REGION, topic),
    Subject: `Amazon Linux AMI: new images are available (${version})`,
    Message: JSON.stringify({
      v1: {
        ReleaseVersion: version,
        ImageVersion: version,
        ReleaseNotes: "https://docs.aws.amazon.com/linux/al2023/release-notes/relnotes.html",
        Regions: Object.fromEntries(
          Object.entries(images).map(([region, ImageId]) => [region, [{ ImageId, Name: `${family} ${version}` }]]),
        ),
      },
    }),
  };
  await aws.call("sns", "Publish", message, { principal: accountPrincipal(owner), region: PUBLIC_TOPICS_REGION });
}
