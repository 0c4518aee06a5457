import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { IAM } from "@aws-sdk/client-iam";
import { SFN } from "@aws-sdk/client-sfn";
import { SQS } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startAws, VirtualClock } from "../../aws.ts";
import { allow } from "../policy.ts";

const account = "111122223333";
const start = Date.UTC(2026, 3, 1);
const clock = new VirtualClock(start);
let aws: Awaited<ReturnType<typeof startAws>>;
let sfn: SFN;
let sqs: SQS;
let dynamodb: DynamoDB;

beforeAll(async () => {
  aws = await startAws({ clock, port: 0 });
  const options = {
    region: "eu-west-1",
    endpoint: aws.url,
    credentials: { accessKeyId: account, secretAccessKey: "any" },
  };
  sfn = new SFN(options);
  sqs = new SQS(options);
  dynamodb = new DynamoDB(options);
  const iam = new IAM(options);
  const statement = { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" };
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam.createRole({ RoleName: "orders", AssumeRolePolicyDocument: trust });
  const allowed = allow(["dynamodb:PutItem", "sqs:SendMessage"]);
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [allowed] });
  await iam.putRolePolicy({ RoleName: "orders", PolicyName: "work", PolicyDocument: policy });
});

afterAll(() => aws.close());

/** The Step Functions page's kind of machine: no query language named, a Map over the order's lines. */
const definition = (queue: string) => ({
  Comment: "Takes an order",
  StartAt: "AnyLines",
  States: {
    AnyLines: {
      Type: "Choice",
      Choices: [{ Variable: "$.lines[0]", IsPresent: true, Next: "Each line" }],
      Default: "Nothing to do",
    },
    "Each line": {
      Type: "Map",
      ItemsPath: "$.lines",
      MaxConcurrency: 2,
      ItemSelector: { "order.$": "$.id", "line.$": "$$.Map.Item.Value" },
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "Store",
        States: {
          Store: {
            Type: "Task",
            Resource: "arn:aws:states:::dynamodb:putItem",
            Parameters: { TableName: "lines", Item: { sku: { "S.$": "$.line.sku" }, order: { "S.$": "$.order" } } },
            ResultPath: null,
            Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }],
            End: true,
          },
        },
      },
      ResultPath: null,
      Next: "Let it rest",
    },
    "Let it rest": { Type: "Wait", SecondsPath: "$.rest", Next: "Tell" },
    Tell: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Parameters: { QueueUrl: queue, MessageBody: { "order.$": "$.id", execution: "done" } },
      ResultSelector: { "message.$": "$.MessageId" },
      ResultPath: "$.told",
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "Not told" }],
      End: true,
    },
    "Not told": { Type: "Fail", ErrorPath: "$.error.Error", CausePath: "$.error.Cause" },
    "Nothing to do": { Type: "Succeed" },
  },
});

async function run(name: string, queue: string, input: object) {
  const roleArn = `arn:aws:iam::${account}:role/orders`;
  const text = JSON.stringify(definition(queue), null, 2);
  const { stateMachineArn } = await sfn.createStateMachine({ name, roleArn, definition: text });
  const { executionArn } = await sfn.startExecution({ stateMachineArn, input: JSON.stringify(input) });
  await clock.runUntil(clock.now() + 3_600_000);
  return sfn.describeExecution({ executionArn });
}

const order = { id: "o-1", rest: 60, lines: [{ sku: "a" }, { sku: "b" }] };

it("an ordinary machine in JSONPath is created by an SDK client and does its work, with its role's rights", async () => {
  const KeySchema = [{ AttributeName: "sku", KeyType: "HASH" as const }];
  const AttributeDefinitions = [{ AttributeName: "sku", AttributeType: "S" as const }];
  const table = { TableName: "lines", KeySchema, AttributeDefinitions, BillingMode: "PAY_PER_REQUEST" as const };
  await dynamodb.createTable(table);
  const { QueueUrl = "" } = await sqs.createQueue({ QueueName: "told" });
  await clock.runUntil(clock.now() + 60_000);

  const { status, output } = await run("orders", QueueUrl, order);

  const { Items } = await dynamodb.scan({ TableName: "lines" });
  const { Messages } = await sqs.receiveMessage({ QueueUrl });
  expect(status).toBe("SUCCEEDED");
  expect(JSON.parse(output!)).toEqual({ ...order, told: { message: expect.any(String) } });
  expect(Items).toHaveLength(2);
  expect(JSON.parse(Messages![0]!.Body!)).toEqual({ order: "o-1", execution: "done" });
});

it("what a service refuses ends in the Catch, with the service's error in the input", async () => {
  const { status, error } = await run("refused", `https://sqs.eu-west-1.amazonaws.com/${account}/none`, order);

  expect(status).toBe("FAILED");
  expect(error).toMatch(/^SQS\.\w+Exception$/);
});
