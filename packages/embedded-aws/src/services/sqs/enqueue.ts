import { createHash } from "node:crypto";
import type { MessageAttributeValue, SendMessageBatchRequestEntry, SendMessageResult } from "@aws-sdk/client-sqs";
import { AwsError, type Call } from "../../engine/operation.ts";
import { depthChanged, hideUntil, numberOf } from "./queue-attributes.ts";
import type { Queue, StoredMessage } from "./state.ts";

type Sending = Omit<SendMessageBatchRequestEntry, "Id">;

const MOST_ATTRIBUTES = 10;
const MOST_DELAY_SECONDS = 900;

/** Body and attributes together (SQS quotas). */
export const messageSize = ({ MessageBody = "", MessageAttributes = {} }: Sending): number =>
  Object.entries(MessageAttributes).reduce(
    (sum, [name, value]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(value.DataType ?? "") +
      Buffer.byteLength(value.StringValue ?? "") +
      (value.BinaryValue?.length ?? 0),
    Buffer.byteLength(MessageBody),
  );

/** Validates a message as SQS does and adds it to the queue. */
export function enqueue(call: Call, queue: Queue, sending: Sending): SendMessageResult {
  checkMessage(queue, sending);
  const { MessageBody = "", MessageAttributes = {}, MessageSystemAttributes = {} } = sending;
  const now = call.aws.clock.now();
  const message: StoredMessage = {
    id: call.aws.uuid(),
    body: MessageBody,
    attributes: MessageAttributes,
    traceHeader: MessageSystemAttributes.AWSTraceHeader?.StringValue,
    sentAt: now,
    senderId: call.principal.kind === "service" ? call.principal.service : call.principal.account,
    deadLetterSource: undefined,
    receiveCount: 0,
    firstReceivedAt: undefined,
    visibleAt: now,
    receiptHandle: undefined,
    cancelTimer: undefined,
  };
  queue.messages.push(message);
  const delay = sending.DelaySeconds ?? numberOf(queue, "DelaySeconds");
  if (delay > 0) hideUntil(call.aws, queue, message, now + delay * 1_000);
  else depthChanged(call.aws, queue);
  const system = attributesDigest(MessageSystemAttributes);
  return {
    MessageId: message.id,
    MD5OfMessageBody: bodyDigest(MessageBody),
    MD5OfMessageAttributes: attributesDigest(MessageAttributes),
    ...(system !== undefined && { MD5OfMessageSystemAttributes: system }),
  };
}

function checkMessage(queue: Queue, sending: Sending): void {
  const { MessageBody, MessageAttributes = {}, DelaySeconds = 0 } = sending;
  if (!MessageBody) throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.", BAD);
  // SQS accepts the characters of XML: https://www.w3.org/TR/REC-xml/#charsets
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(MessageBody)) {
    const reason =
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
    throw new AwsError("InvalidMessageContents", reason);
  }
  const most = numberOf(queue, "MaximumMessageSize");
  if (messageSize(sending) > most) {
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
  }
  if (DelaySeconds < 0 || DelaySeconds > MOST_DELAY_SECONDS) {
    throw invalid(
      `Value ${DelaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${MOST_DELAY_SECONDS}.`,
    );
  }
  const names = Object.keys(MessageAttributes);
  if (names.length > MOST_ATTRIBUTES) {
    throw invalid(`Number of message attributes [${names.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`);
  }
  for (const [name, value] of Object.entries(MessageAttributes)) {
    if (!/^(String|Number|Binary)(\..+)?$/.test(value.DataType ?? "")) {
      throw invalid(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    }
    const empty = value.DataType?.startsWith("Binary") ? !value.BinaryValue?.length : !value.StringValue;
    if (empty) throw invalid(`The message attribute '${name}' must contain a non-empty value of its type.`);
  }
}

const BAD = { status: 400 };
const invalid = (message: string): AwsError => new AwsError("InvalidParameterValue", message, BAD);

/** A message body's MD5 in hexadecimal, which clients verify. */
export const bodyDigest = (body: string): string => createHash("md5").update(body).digest("hex");

/** MD5 of all attributes (SQS developer guide, "Calculating the MD5 message digest for message attributes"). */
export function attributesDigest(
  attributes: Readonly<Record<string, MessageAttributeValue | undefined>>,
): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash("md5");
  const add = (part: string | Uint8Array): void => {
    const bytes = Buffer.from(part as string);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = "", StringValue, BinaryValue } = attributes[name] ?? {};
    add(name);
    add(DataType);
    const binary = DataType.startsWith("Binary");
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? (BinaryValue ?? new Uint8Array()) : (StringValue ?? ""));
  }
  return hash.digest("hex");
}
