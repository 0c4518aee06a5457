import { EC2 } from "@aws-sdk/client-ec2";
import { Imagebuilder } from "@aws-sdk/client-imagebuilder";
import { Organizations } from "@aws-sdk/client-organizations";
import { S3 } from "@aws-sdk/client-s3";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { SSM } from "@aws-sdk/client-ssm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { credentialsOf } from "../../src/authorization/credentials.ts";
import type { EmbeddedAws } from "../../src/engine/embedded-aws.ts";
import { AwsError } from "../../src/engine/operation.ts";
import { rolePrincipal } from "../../src/engine/principal.ts";
import { fakeAws, START } from "./fake-aws.ts";
import { type Connection, credentials, TRANSPORTS } from "./transports.ts";

const refuse =
  (code: string, message = "because") =>
  () => {
    throw new AwsError(code, message);
  };

describe.each(TRANSPORTS)("a refusal $name", ({ connect }) => {
  let connection: Connection | undefined;
  afterEach(() => connection?.close());

  const reach = async (aws: EmbeddedAws) => {
    connection = await connect(aws);
    return { region: "eu-west-1", credentials: credentials("111122223333"), ...connection.options };
  };
  const failure = (sent: Promise<unknown>) =>
    sent.then(
      () => undefined,
      (error: unknown) => error,
    );

  test("carries the code, status and message that the service's model has", async () => {
    const options = await reach(
      fakeAws({ "imagebuilder:GetImage": refuse("ResourceNotFoundException", "no such image") }),
    );

    const error = await failure(
      new Imagebuilder(options).getImage({
        imageBuildVersionArn: "arn:aws:imagebuilder:eu-west-1:111122223333:image/base/1.0.0/1",
      }),
    );

    expect(error).toMatchObject({
      name: "ResourceNotFoundException",
      message: "no such image",
      $metadata: { httpStatusCode: 404, attempts: 1 },
    });
  });

  test("comes under the query protocol's own codes, and is the modelled exception again in the SDK", async () => {
    const options = await reach(
      fakeAws({ "sns:GetTopicAttributes": refuse("NotFoundException", "Topic does not exist") }),
    );

    const error = await failure(new SNS(options).getTopicAttributes({ TopicArn: "arn" }));

    expect(error).toMatchObject({
      name: "NotFoundException",
      Error: { Code: "NotFound" },
      $metadata: { httpStatusCode: 404 },
    });
  });

  test("of SQS says both its names, for clients that moved from query to JSON", async () => {
    const options = await reach(
      fakeAws({ "sqs:GetQueueUrl": refuse("QueueDoesNotExist", "The specified queue does not exist.") }),
    );

    const error = await failure(new SQS(options).getQueueUrl({ QueueName: "gone" }));

    expect(error).toMatchObject({
      name: "QueueDoesNotExist",
      Code: "AWS.SimpleQueueService.NonExistentQueue",
      message: "The specified queue does not exist.",
    });
  });

  test("of EC2 needs no model: it models no errors", async () => {
    const options = await reach(
      fakeAws({ "ec2:DescribeImages": refuse("InvalidAMIID.NotFound", "The image id '[ami-404]' does not exist") }),
    );

    const error = await failure(new EC2(options).describeImages({ ImageIds: ["ami-404"] }));

    expect(error).toMatchObject({
      name: "InvalidAMIID.NotFound",
      message: "The image id '[ami-404]' does not exist",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("for want of a grant has the name that each service gives it", async () => {
    const denied = refuse("AccessDenied", "User: x is not authorized to perform: y");
    const options = await reach(
      fakeAws({
        "ec2:DescribeImages": denied,
        "sns:Publish": denied,
        "ssm:GetParameter": denied,
        "imagebuilder:ListImages": denied,
      }),
    );

    const errors = await Promise.all([
      failure(new EC2(options).describeImages({})),
      failure(new SNS(options).publish({ Message: "m", TopicArn: "arn" })),
      failure(new SSM(options).getParameter({ Name: "/p" })),
      failure(new Imagebuilder(options).listImages({})),
    ]);

    expect(errors).toMatchObject([
      { name: "UnauthorizedOperation", $metadata: { httpStatusCode: 403 } },
      { name: "AuthorizationErrorException", $metadata: { httpStatusCode: 403 } },
      { name: "AccessDeniedException", $metadata: { httpStatusCode: 400 } },
      { name: "AccessDeniedException", $metadata: { httpStatusCode: 403 } },
    ]);
  });

  test("of an operation that is not built is NotImplemented in every protocol, naming it, and is not tried again", async () => {
    const options = await reach(fakeAws({}));

    const errors = await Promise.all([
      failure(new EC2(options).describeImages({})),
      failure(new Imagebuilder(options).listImages({})),
      failure(new SSM(options).getParameter({ Name: "/p" })),
      failure(new SQS(options).getQueueUrl({ QueueName: "q" })),
      failure(new SNS(options).publish({ Message: "m" })),
      failure(new S3({ ...options, forcePathStyle: true }).listBuckets({})),
    ]);

    expect(errors).toMatchObject(
      [
        "ec2:DescribeImages",
        "imagebuilder:ListImages",
        "ssm:GetParameter",
        "sqs:GetQueueUrl",
        "sns:Publish",
        "s3:ListBuckets",
      ].map((name) => ({
        name: "NotImplemented",
        message: `${name} is not built in the embedded AWS`,
        $metadata: { httpStatusCode: 400, attempts: 1 },
      })),
    );
  });

  test("of a setting that is not built is the caller's fault, whatever status the service gave it", async () => {
    const unbuilt = () => {
      throw new AwsError("NotImplemented", "ssm:GetParameter of the moon is not built", { status: 501 });
    };
    const options = await reach(fakeAws({ "ssm:GetParameter": unbuilt }));

    const error = await failure(new SSM(options).getParameter({ Name: "/p" }));

    expect(error).toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 400, attempts: 1 } });
  });

  test("names every required member that is missing, in the service's words", async () => {
    const options = await reach(
      fakeAws({
        "organizations:DescribeAccount": () => ({}),
        "ec2:ModifyImageAttribute": () => ({}),
        "sns:Publish": () => ({}),
      }),
    );

    const errors = await Promise.all([
      failure(new Organizations(options).describeAccount({} as never)),
      failure(new EC2(options).modifyImageAttribute({} as never)),
      failure(new SNS(options).publish({} as never)),
    ]);

    expect(errors).toMatchObject([
      {
        name: "ValidationException",
        message:
          "1 validation error detected: Value null at 'accountId' failed to satisfy constraint: Member must not be null",
      },
      { name: "MissingParameter", message: "The request must contain the parameter ImageId" },
      {
        name: "InvalidParameterException",
        message: "Invalid parameter: Message Reason: no value for required parameter",
      },
    ]);
  });

  test("of an unknown access key has the name that each service gives it", async () => {
    const options = { ...(await reach(fakeAws({}))), credentials: credentials("AKIAIOSFODNN7EXAMPLE") };

    const errors = await Promise.all([
      failure(new SSM(options).getParameter({ Name: "/p" })),
      failure(new SNS(options).publish({ Message: "m" })),
      failure(new EC2(options).describeImages({})),
    ]);

    expect(errors).toMatchObject([
      { name: "UnrecognizedClientException", $metadata: { httpStatusCode: 403 } },
      { name: "InvalidClientTokenId", $metadata: { httpStatusCode: 403 } },
      { name: "AuthFailure", $metadata: { httpStatusCode: 401 } },
    ]);
  });

  test("meets a session whose time is over, or whose token is missing", async () => {
    const aws = fakeAws({ "ssm:GetParameter": (_input, { principal }) => ({ Parameter: { Name: principal.arn } }) });
    const options = await reach(aws);
    const role = rolePrincipal("arn:aws:iam::111122223333:role/builder", "s");
    const valid = credentialsOf(aws).issue(role, START + 1);
    const over = credentialsOf(aws).issue(role, START);
    const ask = (keys: object) => new SSM({ ...options, credentials: keys as never }).getParameter({ Name: "/p" });

    const answer = await ask(valid);
    const errors = [await failure(ask(over)), await failure(ask({ ...valid, sessionToken: undefined }))];

    expect(answer.Parameter?.Name).toBe("arn:aws:sts::111122223333:assumed-role/builder/s");
    expect(errors).toMatchObject([{ name: "ExpiredTokenException" }, { name: "UnrecognizedClientException" }]);
  });

  test("of our own making is an InternalFailure that keeps its cause to the log", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const options = await reach(fakeAws({ "ssm:GetParameter": () => (undefined as never as { a: { b: 1 } }).a.b }));

    const error = await failure(new SSM({ ...options, maxAttempts: 1 }).getParameter({ Name: "/p" }));

    expect(error).toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
    expect(String(error)).not.toContain("undefined");
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});
