import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notice } from "../core/notice.ts";

/** Tells the topic's subscribers; attributes let them filter. Subjects are cut to SNS's 100 characters. */
export async function publishNotice(client: SNSClient, topicArn: string, notice: Notice): Promise<void> {
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: notice.title.slice(0, 100),
      Message: [notice.title, "", ...notice.lines].join("\n"),
      MessageAttributes: Object.fromEntries(
        Object.entries(notice.attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      ),
    }),
  );
}
