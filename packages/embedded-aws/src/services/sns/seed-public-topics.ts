import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { topicArn, topicsOf } from "./state.ts";

/** Where Amazon's topics about its images are, and the only place where one can subscribe to them. */
export const PUBLIC_TOPICS_REGION = "us-east-1";

/** Topics that tell of new public images, by the account that owns them (user guides of Amazon Linux 2023, 2, and EC2). */
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

/** What AWS's own policies on them say is not published; that anybody may subscribe is. */
const openToSubscribers = (arn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: ["SNS:Subscribe", "SNS:Receive"], Resource: arn }],
  });
