import { EC2 } from "@aws-sdk/client-ec2";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { Imagebuilder } from "@aws-sdk/client-imagebuilder";
import { Lambda } from "@aws-sdk/client-lambda";
import { SFN } from "@aws-sdk/client-sfn";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { afterEach, describe, expect, test } from "vitest";
import { type Act, fakeAws, START } from "./fake-aws.ts";
import { type Connection, credentials, TRANSPORTS } from "./transports.ts";

describe.each(TRANSPORTS)("an SDK client $name", ({ connect }) => {
  let connection: Connection | undefined;
  afterEach(() => connection?.close());

  const reach = async (operations: Record<string, Act>) => {
    connection = await connect(fakeAws(operations));
    return { region: "eu-west-1", credentials: credentials("111122223333"), ...connection.options };
  };

  test("speaks EC2's query protocol: filters in, a set of images out", async () => {
    let asked: unknown;
    const images = [{ ImageId: "ami-1", Name: 'golden <&"é>', Tags: [{ Key: "stage", Value: "prod" }], Public: false }];
    const client = new EC2(
      await reach({
        "ec2:DescribeImages": (input) => {
          asked = input;
          return { Images: images };
        },
      }),
    );

    const found = await client.describeImages({
      Owners: ["self"],
      Filters: [{ Name: "state", Values: ["available", "pending"] }],
    });

    expect(asked).toEqual({ Owners: ["self"], Filters: [{ Name: "state", Values: ["available", "pending"] }] });
    expect(found.Images).toEqual(images);
    expect(found.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("gets an answer without a word from an EC2 operation that has none", async () => {
    const changes: unknown[] = [];
    const client = new EC2(await reach({ "ec2:ModifyImageAttribute": (input) => void changes.push(input) }));
    const change = {
      ImageId: "ami-1",
      LaunchPermission: { Add: [{ OrganizationArn: "arn:aws:organizations::999988887777:organization/o-a1" }] },
    };

    const done = await client.modifyImageAttribute(change);

    expect(done.$metadata.httpStatusCode).toBe(200);
    expect(changes).toEqual([change]);
  });

  test("speaks the query protocol with maps and bytes, as SNS does", async () => {
    let asked: unknown;
    const client = new SNS(
      await reach({
        "sns:Publish": (input) => {
          asked = input;
          return { MessageId: "m-1" };
        },
      }),
    );
    const message = {
      TopicArn: "arn:aws:sns:eu-west-1:111122223333:notices",
      Message: "a & b",
      MessageAttributes: {
        image: { DataType: "String", StringValue: "al2023-base" },
        raw: { DataType: "Binary", BinaryValue: Uint8Array.of(0, 255) },
      },
    };

    const { MessageId: id } = await client.publish(message);

    expect(id).toBe("m-1");
    expect(asked).toEqual({
      ...message,
      MessageAttributes: {
        ...message.MessageAttributes,
        raw: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
      },
    });
  });

  test("speaks JSON: times come as dates, and leave as seconds", async () => {
    let asked: unknown;
    const client = new EventBridge(
      await reach({
        "events:PutEvents": (input) => {
          asked = input;
          return { FailedEntryCount: 0, Entries: [{ EventId: "e-1" }] };
        },
      }),
    );
    const entry = { Source: "amint", DetailType: "build.started", Detail: "{}", Time: new Date(START) };

    const answer = await client.putEvents({ Entries: [entry] });

    expect(asked).toEqual({ Entries: [entry] });
    expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: "e-1" }] });
  });

  test("speaks REST with JSON: labels and query fields reach the operation, ARNs unharmed", async () => {
    const asked: unknown[] = [];
    const arn = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1";
    const client = new Imagebuilder(
      await reach({
        "imagebuilder:GetImage": (input) => {
          asked.push(input);
          return { image: { arn, state: { status: "AVAILABLE" }, tags: { a: "b" } } };
        },
        "imagebuilder:TagResource": (input) => void asked.push(input),
        "imagebuilder:CreateComponent": (input: object) => {
          asked.push({ ...input, clientToken: "made up by the SDK" });
          return {};
        },
      }),
    );

    const { image } = await client.getImage({ imageBuildVersionArn: arn });
    await client.tagResource({ resourceArn: arn, tags: { stage: "x" } });
    await client.createComponent({ name: "harden", semanticVersion: "1.0.0", platform: "Linux", data: "phases: []" });

    expect(image).toEqual({ arn, state: { status: "AVAILABLE" }, tags: { a: "b" } });
    expect(asked).toEqual([
      { imageBuildVersionArn: arn },
      { resourceArn: arn, tags: { stage: "x" } },
      {
        name: "harden",
        semanticVersion: "1.0.0",
        platform: "Linux",
        data: "phases: []",
        clientToken: "made up by the SDK",
      },
    ]);
  });

  test("gets bytes, status and headers from Lambda's Invoke", async () => {
    let asked: unknown;
    const client = new Lambda(
      await reach({
        "lambda:Invoke": (input) => {
          asked = input;
          return { StatusCode: 202, FunctionError: "Unhandled", Payload: Buffer.from('{"errorType":"Oops"}') };
        },
      }),
    );

    const answer = await client.invoke({ FunctionName: "notify", InvocationType: "Event", Payload: Buffer.from("{}") });

    expect(asked).toEqual({ FunctionName: "notify", InvocationType: "Event", Payload: Buffer.from("{}") });
    expect(answer.StatusCode).toBe(202);
    expect(answer.FunctionError).toBe("Unhandled");
    expect(answer.Payload?.transformToString()).toBe('{"errorType":"Oops"}');
  });

  test("reaches the account that its access key stands for, in the region it signs for", async () => {
    const client = new SQS({
      ...(await reach({ "sqs:GetQueueUrl": (_input, { account, region }) => ({ QueueUrl: `${account}/${region}` }) })),
      region: "us-east-1",
      credentials: credentials("222233334444"),
    });

    const { QueueUrl: url } = await client.getQueueUrl({ QueueName: "parked" });

    expect(url).toBe("222233334444/us-east-1");
  });

  test("reaches an operation that has a host of its own", async () => {
    const client = new SFN({
      ...(await reach({ "states:StartSyncExecution": () => ({ executionArn: "arn", status: "SUCCEEDED" }) })),
      // Over a socket, `sync-127.0.0.1` is not a valid host: AWS's own advice for custom endpoints.
      disableHostPrefix: connection?.options.endpoint !== undefined,
    });

    const { status } = await client.startSyncExecution({ stateMachineArn: "arn" });

    expect(status).toBe("SUCCEEDED");
  });
});
