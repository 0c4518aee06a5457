import type { PublishInput } from "@aws-sdk/client-sns";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { accountPrincipal } from "../../engine/principal.ts";
import { PUBLIC_TOPICS_REGION } from "../sns/seed-public-topics.ts";
import { topicArn } from "../sns/state.ts";
import { type PublicFamilyName, publicFamilies } from "./public-images.ts";

/** The topic that tells of a family's new images; Canonical has none. */
const TOPICS: Readonly<Partial<Record<PublicFamilyName, string>>> = {
  al2023: "amazon-linux-2023-ami-updates",
  "windows-2022": "ec2-windows-ami-update",
};

export interface Announcement {
  readonly family: PublicFamilyName;
  readonly version: string;
  /** The new image of each region, as `releasePublicImage` answers. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * What Amazon does after a release: tells the family's topic. The message has the form of the one known sample, of
 * 2017, from Amazon Linux 1; those of today are not published.
 * @throws Error for a family without a topic
 */
export async function announceRelease(aws: EmbeddedAws, { family, version, images }: Announcement): Promise<void> {
  const topic = TOPICS[family];
  if (!topic) throw new Error(`nobody announces ${family}; there are topics for ${Object.keys(TOPICS).join(", ")}`);
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
