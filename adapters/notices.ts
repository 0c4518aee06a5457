import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notice } from "../core/notice.ts";
import { toSnsMessage } from "../core/sns-message.ts";

/**
 * Tells the topic's subscribers, each in the shape of its protocol; attributes let them filter.
 * @param id of the event that is told
 */
export async function publishNotice(client: SNSClient, topicArn: string, notice: Notice, id: string): Promise<void> {
  const { subject, message, attributes } = toSnsMessage(notice, id);
  await client.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      MessageStructure: "json",
      Message: message,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
      ),
    }),
  );
}
