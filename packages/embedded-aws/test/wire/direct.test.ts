import { inspect } from "node:util";
import { CloudWatch, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDB, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeImagesCommand, EC2, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { IAM, ListRolesCommand } from "@aws-sdk/client-iam";
import { CreateComponentCommand, GetImageCommand, Imagebuilder } from "@aws-sdk/client-imagebuilder";
import { KMS, SignCommand } from "@aws-sdk/client-kms";
import { InvokeCommand, Lambda } from "@aws-sdk/client-lambda";
import { PublishCommand, SNS } from "@aws-sdk/client-sns";
import { StandardRetryStrategy } from "@smithy/core/retry";
import { expect, test } from "vitest";
import { AwsError } from "../../src/engine/operation.ts";
import { type InProcessHandler, inProcessHandler } from "../../src/in-process-handler.ts";
import { factoryAws } from "./clients/factory-aws.ts";
import { withAnswers } from "./clients/factory-call.ts";
import { sdkClient } from "./clients/sdk-client.ts";
import { FACTORY_CALLS } from "./factory-calls.ts";
import { type Act, fakeAws } from "./fake-aws.ts";
import { credentials, directHandler } from "./transports.ts";

type Sdk = { send(command: never): Promise<object> };
interface Case {
  readonly about: string;
  readonly call: string;
  readonly Client: new (config: object) => Sdk;
  readonly command: () => unknown;
  readonly act?: Act;
  /** The input or the output must be written after all. */
  readonly written?: true;
}

const refusing =
  (code: string, members: Record<string, unknown> = {}) =>
  () => {
    throw new AwsError(code, "no", { status: 400, members });
  };
const component = { name: "c", semanticVersion: "1.0.0", platform: "Linux" } as const;
const get = () =>
  new GetImageCommand({ imageBuildVersionArn: "arn:aws:imagebuilder:eu-west-1:111122223333:image/a/1.0.0/1" });
const put = (Item: object) => () => new PutItemCommand({ TableName: "t", Item: Item as never });
const find = (input: object) => () => new DescribeImagesCommand(input as never);
const ec2 = { call: "ec2:DescribeImages", Client: EC2 as never };
const dynamo = { call: "dynamodb:PutItem", Client: DynamoDB as never };
const builder = { call: "imagebuilder:GetImage", Client: Imagebuilder as never };

const CASES: readonly Case[] = [
  {
    about: "members without a value",
    ...ec2,
    command: find({ Owners: undefined, ImageIds: ["ami-1"], Filters: null }),
  },
  {
    about: "unknown members",
    ...ec2,
    command: find({ ImageIds: ["ami-1"], Colour: "red" }),
    act: () => ({ Colour: 1 }),
  },
  { about: "empty lists of forms", ...ec2, command: find({ ImageIds: [], Filters: [{ Name: "state", Values: [] }] }) },
  { about: "nothing but empty structures", ...ec2, command: find({ Filters: [{}, { Name: "a" }] }), written: true },
  {
    about: "empty lists and texts of XML",
    ...ec2,
    command: find({}),
    act: () => ({ Images: [{ Tags: [], Name: "" }] }),
  },
  { about: "no images at all", ...ec2, command: find({}), act: () => ({ Images: [] }) },
  {
    about: "white space in XML",
    ...ec2,
    command: find({}),
    act: () => ({ Images: [{ Name: " a\r\nb " }] }),
    written: true,
  },
  { about: "a number for a text", ...ec2, command: find({ ImageIds: [1] }), written: true },
  { about: "a text for a list", ...ec2, command: find({ ImageIds: "ami-1" }), written: true },
  {
    about: "a token that the client makes",
    call: "ec2:RunInstances",
    Client: EC2 as never,
    command: () => new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ClientToken: "given" }),
  },
  {
    about: "empty lists of AWS's older query",
    call: "sns:Publish",
    Client: SNS as never,
    command: () => new PublishCommand({ TopicArn: "t", Message: "m", MessageAttributes: {} }),
    act: () => ({ MessageId: "1" }),
  },
  {
    about: "dates in XML",
    call: "iam:ListRoles",
    Client: IAM as never,
    command: () => new ListRolesCommand({}),
    act: () => ({ Roles: [{ RoleName: "r", CreateDate: new Date(1_700_000_000_123) }], IsTruncated: false }),
  },
  {
    about: "dates, whose milliseconds seconds cannot always say",
    call: "monitoring:GetMetricData",
    Client: CloudWatch as never,
    command: () =>
      new GetMetricDataCommand({
        StartTime: new Date(1_700_000_000_001),
        EndTime: new Date(1_700_000_000_999),
        MetricDataQueries: [],
      }),
    act: () => ({ MetricDataResults: [{ Timestamps: [new Date(1_700_000_000_123)], Values: [1e21, 0.1, -0] }] }),
  },
  {
    about: "bytes",
    call: "kms:Sign",
    Client: KMS as never,
    command: () => new SignCommand({ KeyId: "k", Message: Buffer.from([0, 255]), SigningAlgorithm: "ECDSA_SHA_256" }),
    act: () => ({ Signature: Buffer.from([1, 2]) }),
  },
  {
    about: "a payload",
    call: "lambda:Invoke",
    Client: Lambda as never,
    command: () => new InvokeCommand({ FunctionName: "f", Payload: Buffer.from("{}") }),
    act: () => ({ StatusCode: 200, Payload: Buffer.from("1") }),
    written: true,
  },
  { about: "unions", ...dynamo, command: put({ a: { M: { b: { L: [{ NULL: true }, { BOOL: false }] } } } }) },
  { about: "binary attributes", ...dynamo, command: put({ a: { B: new Uint8Array([1]) }, b: { SS: [] } }) },
  { about: "a union's unknown member", ...dynamo, command: put({ a: { $unknown: ["X", 1] } }) },
  { about: "no value in a map", ...dynamo, command: put({ a: undefined, b: { S: "" } }) },
  {
    about: "a token in a body",
    call: "imagebuilder:CreateComponent",
    Client: Imagebuilder as never,
    command: () => new CreateComponentCommand({ ...component, clientToken: "given", tags: {} }),
  },
  {
    about: "an error with members",
    ...dynamo,
    command: put({}),
    act: refusing("ConditionalCheckFailedException", { Item: { a: { S: "b" } } }),
  },
  { about: "an error of no model", ...builder, command: get, act: refusing("SomethingNew") },
  {
    about: "an error of ours",
    ...builder,
    command: get,
    act: () => {
      throw new TypeError("inside");
    },
  },
  { about: "an error in XML", ...ec2, command: find({}), act: refusing("InvalidAMIID.NotFound") },
  { about: "an output that is none", ...builder, command: get, act: () => ({ image: { name: 7 } }), written: true },
  { about: "an operation that is not built", ...builder, call: "imagebuilder:ListImages", command: get, written: true },
];

test.each(CASES)(
  "$about: what is not written is taken, answered and refused as what is",
  async ({ written, ...one }) => {
    const [asRequest, asCall] = [await tell(one, inProcessHandler), await tell(one, directHandler)];

    expect(asCall.told).toEqual(asRequest.told);
    expect(asCall.written).toBe(written ?? false);
  },
);

test("who reads the bytes of a response gets them, and middleware that comes later counts", async () => {
  const requestHandler = directHandler(fakeAws({ "ec2:DescribeImages": () => ({ Images: [] }) }));
  const client = new EC2({ region: "eu-west-1", credentials: credentials("111122223333"), requestHandler });
  const seen: string[] = [];
  const note = (about: string) => (next: (args: never) => Promise<{ response: unknown }>) => async (args: never) => {
    const { response, ...rest } = await next(args);
    seen.push(`${about}: ${(response as { body?: unknown }).body === undefined ? "no bytes" : "bytes"}`);
    return { response, ...rest };
  };
  const reading = new DescribeImagesCommand({});
  reading.middlewareStack.add(note("command") as never, { step: "deserialize" });

  await client.describeImages({});
  await client.send(reading);
  client.middlewareStack.add(note("client") as never, { step: "build" });
  await client.describeImages({});

  expect(seen).toEqual(["command: bytes", "client: no bytes"]);
});

test("requests are repeated as over the wire, from the same quota", async () => {
  const [written, direct] = await Promise.all([inProcessHandler, directHandler].map(repeat));

  const attempts = ["answered after 1", "refused after 2", "answered after 3", "answered after 1", "refused after 1"];
  expect(direct).toEqual(written);
  expect(direct).toEqual({ attempts, left: 491 });
});

/** The attempts of five calls, and what is left of the client's quota of retries. */
async function repeat(handlerOf: typeof inProcessHandler) {
  const outcomes = ["", "RequestLimitExceeded", "Nope", "RequestLimitExceeded", "RequestLimitExceeded", "", "", "Nope"];
  const aws = fakeAws({
    "ec2:DescribeImages": () => {
      const code = outcomes.shift();
      return code ? refusing(code)() : { Images: [] };
    },
  });
  const backoff = { setDelayBase: () => {}, computeNextBackoffDelay: () => 0 };
  const client = new EC2({
    region: "eu-west-1",
    credentials: credentials("111122223333"),
    requestHandler: handlerOf(aws),
    retryStrategy: new StandardRetryStrategy({ maxAttempts: 4, backoff }),
  });
  const attempts: string[] = [];
  for (let call = 0; call < 5; call++) {
    const { about, $metadata } = await client.describeImages({}).then(
      (answered) => ({ about: "answered", ...answered }),
      (refused) => ({ about: "refused", ...refused }),
    );
    attempts.push(`${about} after ${$metadata.attempts}`);
  }
  const strategy = (await client.config.retryStrategy()) as StandardRetryStrategy;
  return { attempts, left: strategy.getCapacity() };
}

test("all calls of the factory are answered and refused alike", async () => {
  const [written, direct] = await Promise.all([inProcessHandler, directHandler].map(tellAll));

  expect(direct).toEqual(written);
});

/** What the operation took, and what the client was answered or refused. */
async function tell({ call, Client, command, act }: Case, handlerOf: typeof inProcessHandler) {
  const told: Record<string, unknown> = {};
  const aws = fakeAws({
    [call]: (input, given) => {
      told.taken = input;
      return act?.(input, given) ?? {};
    },
  });
  const seen = watched(handlerOf(aws));
  const client = new Client({
    region: "eu-west-1",
    credentials: credentials("111122223333"),
    requestHandler: seen.handler,
    maxAttempts: 1,
  });
  try {
    told.answer = await client.send(command() as never);
  } catch (error) {
    const { name, message, ...members } = error as Error;
    told.refusal = { name, message, members, kinds: kindsOf(error as Error) };
  }
  return { told, written: seen.written() };
}

const kindsOf = (error: Error): string[] => {
  const prototype = Object.getPrototypeOf(error);
  return prototype ? [prototype.constructor.name, ...kindsOf(prototype)] : [];
};

/** Whether a request had to be written, or a response read. */
function watched(handler: InProcessHandler) {
  const { handle } = handler;
  let written = false;
  handler.handle = async (request) => {
    const { direct } = request;
    if (!direct) return handle(request);
    const write = () => {
      written = true;
      return direct.write();
    };
    const answer = await handle(Object.assign(request, { direct: { ...direct, write } }));
    written ||= answer.response.statusCode < 300 && !answer.response.output;
    return answer;
  };
  return { handler, written: () => written };
}

/** Answered with keys and signatures that are made anew. */
const RANDOM: ReadonlySet<string> = new Set(["kms:GetPublicKey", "kms:Sign"]);

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}/g;

function known(uuid: string, ids: string[]): string {
  if (!ids.includes(uuid)) ids.push(uuid);
  return `id ${ids.indexOf(uuid)}`;
}

/** What becomes of every call, in the client's own words. */
async function tellAll(handlerOf: typeof inProcessHandler): Promise<string[]> {
  const { aws, pass } = factoryAws();
  const client = sdkClient({ requestHandler: handlerOf(aws) });
  const said: Record<string, unknown> = {};
  const all: string[] = [];
  // Tokens that the client makes, and a table's id, are different each time.
  const ids: string[] = [];
  for (const { call, input = {}, after, as } of FACTORY_CALLS) {
    if (after !== undefined) await pass(after);
    const told = await client.send(call, withAnswers(input, said) as object);
    if ("answer" in told && as !== undefined) said[as] = told.answer;
    if (RANDOM.has(call)) continue;
    all.push(inspect([call, told], { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null }));
  }
  return all.map((text) => text.replace(UUID, (uuid) => known(uuid, ids)));
}
