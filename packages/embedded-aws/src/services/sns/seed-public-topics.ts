import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { topicArn, topicsOf } from "./state.ts";

/** The region of Amazon's topics about its images, and the only one for subscriptions to them. */
export const PUBLIC_TOPICS_REGION = "us-east-1";

/** Topics that announce new public images, by owner account (user guides of Amazon Linux 2023, 2, and EC2). */
const PUBLIC_TOPICS: Readonly<Record<string, readonly string[]>> = {
  "137112412989": ["amazon-linux-2023-ami-updates", "amazon-linux-2-ami-updates"],
  "801119661308": ["ec2-windows-ami-update", "ec2-windows-ami-private"],
};

/** Amazon's topics: every account may subscribe, only Amazon publishes. */
export function seedPublicTopics(aws: EmbeddedAws): void {
  for (const [account, names] of Object.entries(PUBLIC_TOPICS)) {
    for (const name of names) {
      const arn = topicArn(aws, account, PUBLIC_TOPICS_REGION, name);
      topicsOf(aws, account, PUBLIC_TOPICS_REGION).set(name, {
        name,
        arn,
        account,
        region: PUBLIC_TOPICS_REGION,
        attributes: { Policy: openToSubscribers(arn) },
        tags: new Map(),
        subscriptions: new Map(),
      });
    }
  }
}

/** Allows all accounts to subscribe, as documented; AWS's actual policies are not published. */
const openToSubscribers = (arn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: ["SNS:Subscribe", "SNS:Receive"], Resource: arn }],
  });
