import { EC2 } from "@aws-sdk/client-ec2";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { Imagebuilder } from "@aws-sdk/client-imagebuilder";
import { Lambda } from "@aws-sdk/client-lambda";
import { SFN } from "@aws-sdk/client-sfn";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { type Act, fakeAws, START } from "./fake-aws.ts";
import { credentials, type Settings, settingsFor, TRANSPORTS } from "./transports.ts";

interface Case {
  readonly title: string;
  /** `<signing name>:<operation>` */
  readonly call: string;
  /** The operation's answer. Default: none. */
  readonly act?: Act;
  readonly send: (settings: Settings) => Promise<object>;
  /** What reaches the operation. */
  readonly asked: object;
  /** What the client gets, beside its metadata. */
  readonly got?: object;
}

const images = [{ ImageId: "ami-1", Name: 'golden <&"é>', Tags: [{ Key: "stage", Value: "prod" }], Public: false }];
const filtered = { Owners: ["self"], Filters: [{ Name: "state", Values: ["available", "pending"] }] };
const organization = { OrganizationArn: "arn:aws:organizations::999988887777:organization/o-a1" };
const change = { ImageId: "ami-1", LaunchPermission: { Add: [organization] } };
const message = (raw: Uint8Array) => ({
  TopicArn: "arn:aws:sns:eu-west-1:111122223333:notices",
  Message: "a & b",
  MessageAttributes: {
    image: { DataType: "String", StringValue: "al2023-base" },
    raw: { DataType: "Binary", BinaryValue: raw },
  },
});
const entry = { Source: "amint", DetailType: "build.started", Detail: "{}", Time: new Date(START) };
const arn = "arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-base/1.0.0/1";
const image = { arn, state: { status: "AVAILABLE" as const }, tags: { a: "b" } };
const component = { name: "harden", semanticVersion: "1.0.0", platform: "Linux", data: "phases: []" } as const;
const event = { FunctionName: "notify", InvocationType: "Event", Payload: Buffer.from("{}") } as const;

const CASES: readonly Case[] = [
  {
    title: "speaks EC2's query protocol: filters in, a set of images out",
    call: "ec2:DescribeImages",
    act: () => ({ Images: images }),
    send: (settings) => new EC2(settings).describeImages(filtered),
    asked: filtered,
    got: { Images: images },
  },
  {
    title: "gets an answer without a word from an EC2 operation that has none",
    call: "ec2:ModifyImageAttribute",
    send: (settings) => new EC2(settings).modifyImageAttribute(change),
    asked: change,
  },
  {
    title: "speaks the query protocol with maps and bytes, as SNS does",
    call: "sns:Publish",
    act: () => ({ MessageId: "m-1" }),
    send: (settings) => new SNS(settings).publish(message(Uint8Array.of(0, 255))),
    asked: message(Buffer.from([0, 255])),
    got: { MessageId: "m-1" },
  },
  {
    title: "speaks JSON: times come as dates, and leave as seconds",
    call: "events:PutEvents",
    act: () => ({ FailedEntryCount: 0, Entries: [{ EventId: "e-1" }] }),
    send: (settings) => new EventBridge(settings).putEvents({ Entries: [entry] }),
    asked: { Entries: [entry] },
    got: { FailedEntryCount: 0, Entries: [{ EventId: "e-1" }] },
  },
  {
    title: "speaks REST with JSON: labels and query fields reach the operation, ARNs unharmed",
    call: "imagebuilder:GetImage",
    act: () => ({ image }),
    send: (settings) => new Imagebuilder(settings).getImage({ imageBuildVersionArn: arn }),
    asked: { imageBuildVersionArn: arn },
    got: { image },
  },
  {
    title: "speaks REST with JSON: a label beside a body",
    call: "imagebuilder:TagResource",
    send: (settings) => new Imagebuilder(settings).tagResource({ resourceArn: arn, tags: { stage: "x" } }),
    asked: { resourceArn: arn, tags: { stage: "x" } },
  },
  {
    title: "speaks REST with JSON: a body with the token that the SDK makes",
    call: "imagebuilder:CreateComponent",
    send: (settings) => new Imagebuilder(settings).createComponent(component),
    asked: { ...component, clientToken: expect.any(String) },
  },
  {
    title: "gets bytes, status and headers from Lambda's Invoke",
    call: "lambda:Invoke",
    act: () => ({ StatusCode: 202, FunctionError: "Unhandled", Payload: Buffer.from('{"errorType":"Oops"}') }),
    send: async (settings) => {
      const { Payload, ...answer } = await new Lambda(settings).invoke(event);
      return { ...answer, text: Payload?.transformToString() };
    },
    asked: event,
    got: { StatusCode: 202, FunctionError: "Unhandled", text: '{"errorType":"Oops"}' },
  },
  {
    title: "reaches the account that its access key stands for, in the region it signs for",
    call: "sqs:GetQueueUrl",
    act: (_input, { account, region }) => ({ QueueUrl: `${account}/${region}` }),
    send: (settings) => {
      const own = { ...settings, region: "us-east-1", credentials: credentials("222233334444") };
      return new SQS(own).getQueueUrl({ QueueName: "parked" });
    },
    asked: { QueueName: "parked" },
    got: { QueueUrl: "222233334444/us-east-1" },
  },
  {
    title: "reaches an operation that has a host of its own",
    call: "states:StartSyncExecution",
    act: () => ({ executionArn: "arn", status: "SUCCEEDED" }),
    send: (settings) => {
      // Over a socket, `sync-127.0.0.1` is not a valid host: AWS's own advice for custom endpoints.
      const disableHostPrefix = settings.endpoint !== undefined;
      return new SFN({ ...settings, disableHostPrefix }).startSyncExecution({ stateMachineArn: "arn" });
    },
    asked: { stateMachineArn: "arn" },
    got: { executionArn: "arn", status: "SUCCEEDED" },
  },
];

describe.each(TRANSPORTS)("an SDK client $name", ({ connect }) => {
  test.each(CASES.map((one) => [one.title, one] as const))("%s", async (_, { call, act, send, asked, got }) => {
    const inputs: unknown[] = [];
    const operation: Act = (input, given) => {
      inputs.push(input);
      return act?.(input, given);
    };

    const answer = await send(await settingsFor(connect, fakeAws({ [call]: operation })));

    expect(inputs).toEqual([asked]);
    const httpStatusCode = call === "lambda:Invoke" ? 202 : 200;
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(answer).toEqual({ $metadata: expect.objectContaining({ httpStatusCode, requestId }), ...got });
  });
});
