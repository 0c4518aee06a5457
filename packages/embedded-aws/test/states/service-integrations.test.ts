import { expect, it } from "vitest";
import { AwsError, type Call, type Operation, type Service } from "../../src/engine/operation.ts";
import { machine, region, roleArn, start, Workbench } from "./workbench.ts";

interface Seen {
  readonly input: unknown;
  readonly call: Call;
}

/** A service of one operation, which remembers what it was asked. */
function standIn(name: string, client: Service["client"], operation: string, answer: () => unknown) {
  const seen: Seen[] = [];
  const run = (input: unknown, call: Call) => {
    seen.push({ input, call });
    return answer();
  };
  const service: Service = { name, client, operations: { [operation]: { run } as Operation } };
  return { seen, service };
}

const imagebuilder = (answer: () => unknown) =>
  standIn("imagebuilder", () => import("@aws-sdk/client-imagebuilder"), "GetImage", answer);

const build = `arn:aws:imagebuilder:${region}:111122223333:image/base/1.0.0/1`;

const getImage = (more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::aws-sdk:imagebuilder:getImage",
  Arguments: { ImageBuildVersionArn: "{% $states.input.build %}" },
  ...more,
});

it("aws-sdk speaks PascalCase to the machine and the SDK's names to the service, as the machine's role", async () => {
  const { seen, service } = imagebuilder(() => ({
    image: { arn: "arn:1", state: { status: "AVAILABLE" }, outputResources: { amis: [{ region, image: "ami-1" }] } },
  }));
  const workbench = new Workbench({}, { imagebuilder: service });

  const run = await workbench.run(machine({ Get: getImage({ End: true }) }), { build });

  expect(seen[0]!.input).toEqual({ imageBuildVersionArn: build });
  expect(seen[0]!.call.principal).toMatchObject({ kind: "role", roleArn });
  expect(run.output).toEqual({
    Image: {
      Arn: "arn:1",
      State: { Status: "AVAILABLE" },
      OutputResources: { Amis: [{ Region: region, Image: "ami-1" }] },
    },
  });
  const scheduled = run.history.find(({ type }) => type === "TaskScheduled")!;
  expect(scheduled.taskScheduledEventDetails).toMatchObject({
    resourceType: "aws-sdk:imagebuilder",
    resource: "getImage",
    region,
    parameters: JSON.stringify({ ImageBuildVersionArn: build }),
  });
});

it("a service's error has the service's prefix, and can be caught by it", async () => {
  const { service } = imagebuilder(() => {
    throw new AwsError("ResourceNotFoundException", "The resource was not found.");
  });
  const Catch = [{ ErrorEquals: ["Imagebuilder.ResourceNotFoundException"], Next: "Caught" }];
  const workbench = new Workbench({}, { imagebuilder: service });

  const run = await workbench.run(
    machine({ Get: getImage({ Catch, End: true }), Caught: { Type: "Succeed", Output: "{% $states.input.Cause %}" } }),
    { build },
  );

  expect(run.status).toBe("SUCCEEDED");
  expect(run.output).toMatch(
    /^The resource was not found\. \(Service: Imagebuilder, Status Code: 400, Request ID: .+\)$/,
  );
});

it("an error outside the service's model is the service's general one", async () => {
  const client = () => import("@aws-sdk/client-ec2");
  const { service } = standIn("ec2", client, "DescribeImages", () => {
    throw new AwsError("InvalidAMIID.NotFound", "The image id '[ami-1]' does not exist");
  });
  const task = {
    Type: "Task",
    Resource: "arn:aws:states:::aws-sdk:ec2:describeImages",
    Arguments: { ImageIds: ["ami-1"] },
  };

  const run = await new Workbench({}, { ec2: service }).run(machine({ Find: { ...task, End: true } }));

  expect(run.error).toBe("Ec2.Ec2Exception");
  expect(run.cause).toContain("InvalidAMIID.NotFound");
});

it("a parameter that the operation does not have fails with its name", async () => {
  const { service } = imagebuilder(() => ({}));
  const task = getImage({ Arguments: { imageBuildVersionArn: "arn:1" }, End: true });

  const run = await new Workbench({}, { imagebuilder: service }).run(machine({ Get: task }));

  expect(run.error).toBe("States.Runtime");
  expect(run.cause).toContain("/imageBuildVersionArn");
});

it("sqs:sendMessage and sns:publish take JSON where the service takes text", async () => {
  const sqs = standIn(
    "sqs",
    () => import("@aws-sdk/client-sqs"),
    "SendMessage",
    () => ({ MessageId: "m-1" }),
  );
  const sns = standIn(
    "sns",
    () => import("@aws-sdk/client-sns"),
    "Publish",
    () => ({ MessageId: "m-2" }),
  );
  const workbench = new Workbench({}, { sqs: sqs.service, sns: sns.service });
  const definition = machine({
    Send: {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage",
      Arguments: { QueueUrl: "https://queue", MessageBody: { a: 1 } },
      Next: "Publish",
    },
    Publish: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Arguments: { TopicArn: "arn:topic", Message: { b: 2 } },
      End: true,
    },
  });

  const run = await workbench.run(definition);

  expect(sqs.seen[0]!.input).toEqual({ QueueUrl: "https://queue", MessageBody: '{"a":1}' });
  expect(sns.seen[0]!.input).toEqual({ TopicArn: "arn:topic", Message: '{"b":2}' });
  expect(run.output).toMatchObject({ MessageId: "m-2", SdkHttpMetadata: { HttpStatusCode: 200 } });
});

it("events:putEvents names the execution in every entry, and fails where the bus refuses one", async () => {
  const answers = [
    { FailedEntryCount: 0, Entries: [{ EventId: "e-1" }] },
    { FailedEntryCount: 1, Entries: [{ ErrorCode: "X" }] },
  ];
  const events = standIn(
    "events",
    () => import("@aws-sdk/client-eventbridge"),
    "PutEvents",
    () => answers.shift(),
  );
  const workbench = new Workbench({}, { events: events.service });
  const put = {
    Type: "Task",
    Resource: "arn:aws:states:::events:putEvents",
    Arguments: { Entries: [{ Source: "test", DetailType: "it.happened", Detail: { n: 1 }, EventBusName: "default" }] },
  };

  const run = await workbench.run(machine({ Put: { ...put, Next: "Again" }, Again: { ...put, End: true } }));

  const { Entries } = events.seen[0]!.input as { Entries: { Detail: string; Resources: string[] }[] };
  expect(Entries[0]!.Detail).toBe('{"n":1}');
  expect(Entries[0]!.Resources).toHaveLength(2);
  expect(run.error).toBe("EventBridge.FailedEntry");
});

it("dynamodb:putItem writes an item as the SDK does, and its refusals have DynamoDB's prefix", async () => {
  const refusal = new AwsError("ConditionalCheckFailedException", "The conditional request failed");
  const client = () => import("@aws-sdk/client-dynamodb");
  const { seen, service } = standIn("dynamodb", client, "PutItem", () => {
    if (seen.length > 1) throw refusal;
    return {};
  });
  const workbench = new Workbench({}, { dynamodb: service });
  const put = (more: object) => ({
    Type: "Task",
    Resource: "arn:aws:states:::dynamodb:putItem",
    Parameters: { TableName: "orders", Item: { id: { "S.$": "$.id" }, n: { N: "1" } } },
    ResultPath: null,
    ...more,
  });
  const Catch = [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], ResultPath: "$.no", Next: "There" }];
  const States = { Put: put({ Next: "Again" }), Again: put({ Catch, End: true }), There: { Type: "Succeed" } };

  const run = await workbench.run({ StartAt: "Put", States }, { id: "7" });

  expect(seen[0]!.input).toEqual({ TableName: "orders", Item: { id: { S: "7" }, n: { N: "1" } } });
  expect(run.output).toMatchObject({ id: "7", no: { Error: "DynamoDB.ConditionalCheckFailedException" } });
});

it("a machine's timeout ends its execution as TIMED_OUT, whatever it is doing", async () => {
  const workbench = new Workbench();
  const definition = machine({ Long: { Type: "Wait", Seconds: 9_999, End: true } }, { TimeoutSeconds: 60 });

  const run = await workbench.run(definition);

  expect(run).toMatchObject({ status: "TIMED_OUT", seconds: 60 });
  expect(run.types.at(-1)).toBe("ExecutionTimedOut");
  expect(workbench.clock.now()).toBeGreaterThan(start);
});
