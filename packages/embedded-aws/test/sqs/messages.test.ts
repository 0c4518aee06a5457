import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ACCOUNT, newEvents, REGION, START } from "../events/new-events.ts";

interface Received {
  readonly Messages?: { MessageId: string; ReceiptHandle: string; Body: string; Attributes?: Record<string, string> }[];
}

async function newQueue(Attributes: Record<string, string> = {}) {
  const embedded = newEvents();
  const { sqs } = embedded;
  const { QueueUrl } = await sqs<{ QueueUrl: string }>("CreateQueue", { QueueName: "queue", Attributes });
  return {
    ...embedded,
    QueueUrl,
    send: (MessageBody: string, more: object = {}) => sqs("SendMessage", { QueueUrl, MessageBody, ...more }),
    receive: (more: object = {}) => sqs<Received>("ReceiveMessage", { QueueUrl, ...more }),
    bodies: async (more: object = {}) =>
      ((await sqs<Received>("ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10, ...more })).Messages ?? []).map(
        ({ Body }) => Body,
      ),
    counts: async () => {
      const { Attributes: all } = await sqs<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
        QueueUrl,
        AttributeNames: ["All"],
      });
      return [
        all.ApproximateNumberOfMessages,
        all.ApproximateNumberOfMessagesNotVisible,
        all.ApproximateNumberOfMessagesDelayed,
      ].map(Number);
    },
  };
}

const seconds = (count: number): number => START + count * 1_000;

describe("a message", () => {
  it("is hidden for its visibility timeout after it was received, then visible again", async () => {
    const { bodies, clock, send } = await newQueue({ VisibilityTimeout: "60" });
    await send("hello");

    const first = await bodies();
    await clock.runUntil(seconds(59));
    const hidden = await bodies();
    await clock.runUntil(seconds(60));
    const again = await bodies();

    expect([first, hidden, again]).toEqual([["hello"], [], ["hello"]]);
  });

  it("that was deleted does not come again", async () => {
    const { QueueUrl, clock, counts, receive, send, sqs } = await newQueue();
    await send("hello");

    const { Messages = [] } = await receive();
    await sqs("DeleteMessage", { QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle });
    await clock.runUntil(seconds(3_600));

    expect(await counts()).toEqual([0, 0, 0]);
  });

  it("is counted as visible, in flight or delayed", async () => {
    const { counts, receive, send } = await newQueue();
    await send("a");
    await send("b");
    await send("c", { DelaySeconds: 30 });

    await receive();

    expect(await counts()).toEqual([1, 1, 1]);
  });

  it("comes when its delay is over", async () => {
    const { bodies, clock, send } = await newQueue();
    await send("later", { DelaySeconds: 30 });

    const before = await bodies();
    await clock.runUntil(seconds(30));

    expect([before, await bodies()]).toEqual([[], ["later"]]);
  });

  it("becomes visible early by a visibility timeout of zero", async () => {
    const { QueueUrl, bodies, receive, send, sqs } = await newQueue();
    await send("hello");

    const { Messages = [] } = await receive();
    await sqs("ChangeMessageVisibility", { QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle, VisibilityTimeout: 0 });

    expect(await bodies()).toEqual(["hello"]);
  });

  it("moves to the dead-letter queue when it was received too often, with its id", async () => {
    const deadLetterTargetArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    const { bodies, clock, send, sqs } = await newQueue({ RedrivePolicy });
    const { QueueUrl } = await sqs<{ QueueUrl: string }>("CreateQueue", { QueueName: "dead" });
    const { MessageId } = await send("poison");

    for (const time of [0, 30, 60]) {
      await clock.runUntil(seconds(time));
      await bodies();
    }

    const { Messages } = await sqs<Received>("ReceiveMessage", { QueueUrl, AttributeNames: ["All"] });
    expect(Messages).toMatchObject([
      { MessageId, Body: "poison", Attributes: { DeadLetterQueueSourceArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:queue` } },
    ]);
  });

  it("is dropped when its retention is over", async () => {
    const { bodies, clock, send } = await newQueue({ MessageRetentionPeriod: "60" });
    await send("old");

    await clock.runUntil(seconds(61));

    expect(await bodies()).toEqual([]);
  });

  it("carries the digests that clients check", async () => {
    const { receive, send } = await newQueue();
    const MessageAttributes = { channel: { DataType: "String", StringValue: "stable" } };

    const sent = await send("hello", { MessageAttributes });
    const { Messages } = await receive({ MessageAttributeNames: ["chan.*"] });

    // Length and bytes of name, type and value, as the developer guide lays them out.
    const laidOut = Buffer.concat([
      ...["channel", "String"].map((text) => Buffer.concat([lengthOf(text), Buffer.from(text)])),
      Buffer.from([1]),
      lengthOf("stable"),
      Buffer.from("stable"),
    ]);
    const digests = { MD5OfMessageAttributes: md5(laidOut) };
    expect(sent).toMatchObject({ ...digests, MD5OfMessageBody: md5("hello") });
    expect(Messages).toMatchObject([{ ...digests, MD5OfBody: md5("hello"), MessageAttributes }]);
  });
});

const md5 = (data: string | Buffer): string => createHash("md5").update(data).digest("hex");

function lengthOf(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return length;
}

describe("a long poll", () => {
  it("ends with the message that arrives while it waits, and time passes meanwhile", async () => {
    const { aws, clock, receive, send } = await newQueue();
    aws.clock.after(5_000, () => send("hello").then(() => {}));

    const poll = receive({ WaitTimeSeconds: 20 }).then(({ Messages }) => ({ Messages, at: clock.now() }));
    await clock.runUntil(seconds(60));

    expect(await poll).toMatchObject({ Messages: [{ Body: "hello" }], at: seconds(5) });
  });

  it("ends empty when its time is over", async () => {
    const { clock, receive } = await newQueue();

    const poll = receive({ WaitTimeSeconds: 20 }).then((answer) => ({ ...answer, at: clock.now() }));
    await clock.runUntil(seconds(60));

    expect(await poll).toEqual({ at: seconds(20) });
  });
});

describe("a batch", () => {
  it("processes each entry: a refused one does not stop the others", async () => {
    const { QueueUrl, bodies, sqs } = await newQueue();

    const answer = await sqs("SendMessageBatch", {
      QueueUrl,
      Entries: [
        { Id: "a", MessageBody: "one" },
        { Id: "b", MessageBody: "\u0000" },
      ],
    });

    expect(answer).toMatchObject({ Successful: [{ Id: "a" }], Failed: [{ Id: "b", Code: "InvalidMessageContents" }] });
    expect(await bodies()).toEqual(["one"]);
  });

  it("is refused whole when it is empty, too long or has an id twice", async () => {
    const { QueueUrl, sqs } = await newQueue();
    const batch = (ids: string[]) =>
      sqs("SendMessageBatch", { QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: "x" })) });

    await expect(batch([])).rejects.toMatchObject({ code: "EmptyBatchRequest" });
    await expect(batch([..."abcdefghijk"])).rejects.toMatchObject({ code: "TooManyEntriesInBatchRequest" });
    await expect(batch(["a", "a"])).rejects.toMatchObject({ code: "BatchEntryIdsNotDistinct" });
  });
});
