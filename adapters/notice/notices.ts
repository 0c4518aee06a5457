import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { keyOf } from "../../core/ledger/kinds.ts";
import type { Notice } from "../../core/notice/notice.ts";
import { toSnsMessage } from "../../core/notice/sns-message.ts";
import type { LedgerRead } from "../ledger/reads.ts";
import type { Ledger } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const noticeWriter = /* @__PURE__ */ writer("notice");

/**
 * Publishes a notice to the topic, with a message for each protocol and attributes for subscribers' filters.
 * @param id of the event
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

const key = (event: string, to: string) => keyOf("notice", { event, to });

/** Whether an event's notice was delivered to `to` (`sns`, `slack`). */
export const whetherDelivered = (event: string, to: string): LedgerRead<boolean> => ({
  keys: [key(event, to)],
  parse: ([item]) => item !== undefined,
});

export const recordDelivered = (ledger: Ledger, event: string, to: string): Promise<boolean> =>
  noticeWriter.put(ledger, key(event, to), { delivered: true });
