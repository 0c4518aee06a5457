import { EC2 } from "@aws-sdk/client-ec2";
import { IAM } from "@aws-sdk/client-iam";
import { Imagebuilder } from "@aws-sdk/client-imagebuilder";
import { Organizations } from "@aws-sdk/client-organizations";
import { S3 } from "@aws-sdk/client-s3";
import { Scheduler } from "@aws-sdk/client-scheduler";
import { SNS } from "@aws-sdk/client-sns";
import { SSM } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "vitest";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { allServices } from "../../src/services/all.ts";
import { serviceConstraints } from "../../src/wire/constraints/find-violations.ts";
import { wholeMatch } from "../../src/wire/constraints/whole-match.ts";
import { expectRefusal, refusalOf } from "../expect-refusal.ts";
import { settingsFor, TRANSPORTS } from "./transports.ts";
import { FACTORY, MANAGEMENT, wholeAws } from "./whole-aws.ts";

describe.each(TRANSPORTS)("a constraint, $name,", ({ connect }) => {
  const reach = (account = FACTORY) => settingsFor(connect, wholeAws(), account);

  test("of length is named with its value, as JSON services do", async () => {
    const ssm = new SSM(await reach());
    const name = "n".repeat(2049);

    const error = await refusalOf(ssm.putParameter({ Name: name, Value: "v", Type: "String" }));

    expect(error).toMatchObject({
      name: "ValidationException",
      message: `1 validation error detected: Value '${name.slice(0, 2000)}...' at 'name' failed to satisfy constraint: Member must have length less than or equal to 2048`,
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("is counted with all broken constraints and missing members", async () => {
    const ssm = new SSM(await reach());
    const input = { Name: "/a", Type: "Text", Tier: "Huge" };

    const error = await refusalOf(ssm.putParameter(input as never));

    expect(error).toMatchObject({
      message:
        "3 validation errors detected: Value null at 'value' failed to satisfy constraint: Member must not be null; " +
        "Value 'Text' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [SecureString, String, StringList]; " +
        "Value 'Huge' at 'tier' failed to satisfy constraint: Member must satisfy enum value set: [Advanced, Intelligent-Tiering, Standard]",
    });
  });

  test("of a list's plain items names the list and each item's constraints", async () => {
    const ssm = new SSM(await reach());

    const errors = [
      await refusalOf(ssm.getParameters({ Names: ["/a", ""] })),
      await refusalOf(ssm.getParameters({ Names: Array.from({ length: 11 }, () => "a") })),
      await refusalOf(
        ssm.addTagsToResource({ ResourceType: "Parameter", ResourceId: "/a", Tags: [{ Key: "", Value: "v" }] }),
      ),
    ];

    expect(errors).toMatchObject([
      {
        message: expect.stringContaining(
          "Value '[/a, ]' at 'names' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1]",
        ),
      },
      {
        message: expect.stringContaining(
          "at 'names' failed to satisfy constraint: Member must have length less than or equal to 10",
        ),
      },
      { message: expect.stringContaining("Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must") },
    ]);
  });

  test("of Image Builder is refused in its own words, DistributeImage's too", async () => {
    const builder = new Imagebuilder(await reach());
    const component = { name: "c", semanticVersion: "1.0.0", platform: "Linux", data: "phases: []" } as const;
    const distribution = {
      sourceImage: "ami-12345678",
      distributionConfigurationArn: "arn:aws:imagebuilder:eu-west-1:111122223333:image/base",
      executionRole: "arn:aws:iam::111122223333:role/distribute",
    };

    const errors = [
      await refusalOf(builder.createComponent(component)),
      await refusalOf(builder.createComponent({ ...component, name: "curl", platform: "BeOS" as never })),
      await refusalOf(builder.distributeImage(distribution)),
    ];

    expect(errors).toMatchObject([
      {
        name: "InvalidParameterValueException",
        message:
          "The value supplied for parameter 'name' is not valid. 'name' must match pattern ^[-_A-Za-z-0-9][-_A-Za-z0-9 ]{1,126}[-_A-Za-z-0-9]$",
      },
      {
        message: expect.stringContaining(
          "parameter 'platform' is not valid. 'BeOS' is not one of Linux, macOS, Windows",
        ),
      },
      { message: expect.stringContaining("parameter 'distributionConfigurationArn' is not valid.") },
    ]);
  });

  test("of EC2 is an InvalidParameterValue", async () => {
    const ec2 = new EC2(await reach());
    const change = { ImageId: "ami-12345678", OperationType: "toggle" as never };
    const tags = { TagSpecifications: [{ ResourceType: "planet" as never, Tags: [{ Key: "k", Value: "v" }] }] };

    const errors = [
      await refusalOf(ec2.describeSubnets({ MaxResults: 1 })),
      await refusalOf(ec2.modifyImageAttribute(change)),
      await refusalOf(ec2.createSecurityGroup({ GroupName: "g", Description: "d", ...tags })),
    ];

    expect(errors).toMatchObject([
      {
        name: "InvalidParameterValue",
        message: "Value ( 1 ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.",
      },
      { message: "Value ( toggle ) for parameter operationType is invalid." },
      { message: "Value ( planet ) for parameter tagSpecifications.1.ResourceType is invalid." },
    ]);
  });

  test("of a query service is a ValidationError, of SNS an InvalidParameter", async () => {
    const options = await reach();
    const role = { RoleName: "a/b", AssumeRolePolicyDocument: "{}" };

    const errors = [
      await refusalOf(new IAM(options).createRole(role)),
      await refusalOf(new SNS(options).createTopic({ Name: "t", Tags: [{ Key: "", Value: "" }] })),
    ];

    expect(errors).toMatchObject([
      {
        name: "ValidationError",
        message:
          "1 validation error detected: Value 'a/b' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
      },
      { Error: { Code: "InvalidParameter" }, message: expect.stringContaining("Tags.1.Key") },
    ]);
  });

  test("of Organizations comes with its reason, of S3 as malformed XML", async () => {
    const options = await reach(MANAGEMENT);
    const organizations = new Organizations(options);
    const bucket = { Bucket: "evidence", CreateBucketConfiguration: { LocationConstraint: "eu-moon-1" as never } };

    const errors = [
      await refusalOf(organizations.describeAccount({ AccountId: "12" })),
      await refusalOf(organizations.listAccounts({ MaxResults: 21 })),
      await refusalOf(new S3(options).createBucket(bucket)),
    ];

    expect(errors).toMatchObject([
      {
        name: "InvalidInputException",
        message: "You provided a value that does not match the required pattern.",
        Reason: "INVALID_PATTERN",
      },
      { name: "InvalidInputException", Reason: "MAX_VALUE_EXCEEDED" },
      { name: "InvalidLocationConstraint" },
    ]);
  });

  test("does not repeat a sensitive value", async () => {
    const scheduler = new Scheduler(await reach());
    const schedule = { Name: "s s", ScheduleExpression: "rate(1 day)", FlexibleTimeWindow: { Mode: "OFF" } as const };
    const Target = { Arn: "arn:aws:sqs:eu-west-1:111122223333:q", RoleArn: "arn:aws:iam::111122223333:role/r" };

    const error = await refusalOf(scheduler.createSchedule({ ...schedule, Target }));

    expect(error).toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("Value 's s' at 'name' failed to satisfy constraint"),
    });
  });
});

describe("an input that comes in process, not over the wire,", () => {
  const call = (service: string, operation: string, input: object) =>
    wholeAws().call(service, operation, input, { principal: accountPrincipal(FACTORY), region: "eu-west-1" });

  test.each([
    ["sqs", "SendMessageBatch", { QueueUrl: "q" }, "MissingParameter", /parameter Entries/],
    ["ssm", "PutParameter", { Name: "/a", Value: "v", Type: "Text" }, "ValidationException", /at 'type'/],
    ["ssm", "PutParameter", { Name: "/a", Value: 5 }, "SerializationException", /NUMBER_VALUE at .Value .* String/],
    ["ssm", "GetParameters", { Names: [null] }, "SerializationException", /NULL_VALUE at .Names.0/],
    ["ssm", "PutParameter", { Name: null, Value: "v" }, "ValidationException", /null at 'name'/],
    ["ec2", "DescribeImages", { MaxResults: "many" }, "InvalidParameterValue", /STRING_VALUE at .MaxResults/],
    ["lambda", "Invoke", { FunctionName: "f", Payload: 5 }, "SerializationException", /at .Payload/],
    ["imagebuilder", "GetImage", { imageBuildVersionArn: "x" }, "InvalidParameterValueException", /match pattern/],
  ])("is refused by %s:%s as over the wire: %j", async (service, operation, input, code, message) => {
    await expectRefusal(call(service, operation, input), code, expect.stringMatching(message));
  });

  test("may be as deep as the wire reads, and no deeper", async () => {
    let deep: object = { S: "x" };
    for (let level = 0; level < 10_000; level++) deep = { L: [deep] };

    await expectRefusal(call("dynamodb", "PutItem", { TableName: "t", Item: { pk: deep } }), "SerializationException");
  });
});

test("every constraint is one that JavaScript can ask: patterns compile, values are known", async () => {
  const unasked: string[] = [];
  for (const [name, load] of Object.entries(allServices)) {
    const { shapes } = await serviceConstraints(name);
    const client = await load().then((service) => service.client());
    for (const [shape, { pattern, enum: values }] of Object.entries(shapes)) {
      if (pattern !== undefined && !wholeMatch(pattern)) unasked.push(`${name}:${shape}: ${pattern}`);
      if (typeof values === "string" && !client[values]) unasked.push(`${name}:${shape}: ${values}`);
    }
  }
  expect(unasked).toEqual([]);
});

test("a pattern of Java's means the same here, or is left out", () => {
  const matching = [wholeMatch("[A-Za-z0-9\\_\\-]+")?.test("a-b"), wholeMatch("[\\p{L}\\p{Z}]+")?.test("é à")];
  const others = [wholeMatch("a|b")?.test("ab"), wholeMatch("\\d{12}")?.test("1111222233334")];
  const leftOut = ["[a-z]++", "\\A\\d", "\\p{Alnum}", "("].map(wholeMatch);

  expect(matching).toEqual([true, true]);
  expect(others).toEqual([false, false]);
  expect(leftOut.every((one) => one === undefined)).toBe(true);
});
