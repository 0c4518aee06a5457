import { EC2 } from "@aws-sdk/client-ec2";
import { Imagebuilder } from "@aws-sdk/client-imagebuilder";
import { Organizations } from "@aws-sdk/client-organizations";
import { S3 } from "@aws-sdk/client-s3";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { SSM } from "@aws-sdk/client-ssm";
import { describe, expect, test, vi } from "vitest";
import { credentialsOf } from "../../src/authorization/credentials.ts";
import { AwsError } from "../../src/engine/operation.ts";
import { rolePrincipal } from "../../src/engine/principal.ts";
import { refusalOf } from "../expect-refusal.ts";
import { type Act, fakeAws, START } from "./fake-aws.ts";
import { type Settings, settingsFor, TRANSPORTS } from "./transports.ts";

/** Calls by `<signing name>:<operation>`, with the least that the SDK's types want. */
const CALLS = {
  "ec2:DescribeImages": (settings: Settings) => new EC2(settings).describeImages({}),
  "ec2:ModifyImageAttribute": (settings: Settings) => new EC2(settings).modifyImageAttribute({} as never),
  "imagebuilder:GetImage": (settings: Settings) => new Imagebuilder(settings).getImage({ imageBuildVersionArn: IMAGE }),
  "imagebuilder:ListImages": (settings: Settings) => new Imagebuilder(settings).listImages({}),
  "organizations:DescribeAccount": (settings: Settings) => new Organizations(settings).describeAccount({} as never),
  "s3:ListBuckets": (settings: Settings) => new S3({ ...settings, forcePathStyle: true }).listBuckets({}),
  "sns:GetTopicAttributes": (settings: Settings) => new SNS(settings).getTopicAttributes({ TopicArn: "arn" }),
  "sns:Publish": (settings: Settings) => new SNS(settings).publish({ Message: "m", TopicArn: "arn" }),
  "sns:Publish without a message": (settings: Settings) => new SNS(settings).publish({} as never),
  "sqs:GetQueueUrl": (settings: Settings) => new SQS(settings).getQueueUrl({ QueueName: "gone" }),
  "ssm:GetParameter": (settings: Settings) => new SSM(settings).getParameter({ Name: "/p" }),
};
const IMAGE = "arn:aws:imagebuilder:eu-west-1:111122223333:image/base/1.0.0/1";
type Refusals = Partial<Record<keyof typeof CALLS, object>>;

const refuse = (code: string, message = "because", status?: number): Act => {
  const members = status === undefined ? {} : { status };
  return () => {
    throw new AwsError(code, message, members);
  };
};
const denied = refuse("AccessDenied", "User: x is not authorized to perform: y");
const unbuilt = (call: string) => ({
  name: "NotImplemented",
  message: `${call} is not built in the embedded AWS`,
  $metadata: { httpStatusCode: 400, attempts: 1 },
});
const failed = (name: string, httpStatusCode: number, more: object = {}) => ({
  name,
  $metadata: { httpStatusCode },
  ...more,
});

/** What operations do, and what the SDK makes of it; `act` is what each of the calls' operations does. */
const CASES: readonly { title: string; act?: Act; caller?: string; refusals: Refusals }[] = [
  {
    title: "carries the code, status and message that the service's model has",
    act: refuse("ResourceNotFoundException", "no such image"),
    refusals: {
      "imagebuilder:GetImage": {
        name: "ResourceNotFoundException",
        message: "no such image",
        $metadata: { httpStatusCode: 404, attempts: 1 },
      },
    },
  },
  {
    title: "comes under the query protocol's own codes, and is the modelled exception again in the SDK",
    act: refuse("NotFoundException", "Topic does not exist"),
    refusals: { "sns:GetTopicAttributes": failed("NotFoundException", 404, { Error: { Code: "NotFound" } }) },
  },
  {
    title: "of SQS says both its names, for clients that moved from query to JSON",
    act: refuse("QueueDoesNotExist", "The specified queue does not exist."),
    refusals: {
      "sqs:GetQueueUrl": {
        name: "QueueDoesNotExist",
        Code: "AWS.SimpleQueueService.NonExistentQueue",
        message: "The specified queue does not exist.",
      },
    },
  },
  {
    title: "of EC2 needs no model: it models no errors",
    act: refuse("InvalidAMIID.NotFound", "The image id '[ami-404]' does not exist"),
    refusals: {
      "ec2:DescribeImages": failed("InvalidAMIID.NotFound", 400, {
        message: "The image id '[ami-404]' does not exist",
      }),
    },
  },
  {
    title: "for want of a grant has the name that each service gives it",
    act: denied,
    refusals: {
      "ec2:DescribeImages": failed("UnauthorizedOperation", 403),
      "sns:Publish": failed("AuthorizationErrorException", 403),
      "ssm:GetParameter": failed("AccessDeniedException", 400),
      "imagebuilder:ListImages": failed("AccessDeniedException", 403),
    },
  },
  {
    title: "of an operation that is not built is NotImplemented in every protocol, naming it, and is not tried again",
    refusals: Object.fromEntries(
      (
        [
          "ec2:DescribeImages",
          "imagebuilder:ListImages",
          "ssm:GetParameter",
          "sqs:GetQueueUrl",
          "sns:Publish",
          "s3:ListBuckets",
        ] as const
      ).map((call) => [call, unbuilt(call)]),
    ),
  },
  {
    title: "of a setting that is not built is the caller's fault, whatever status the service gave it",
    act: refuse("NotImplemented", "ssm:GetParameter of the moon is not built", 501),
    refusals: { "ssm:GetParameter": { name: "NotImplemented", $metadata: { httpStatusCode: 400, attempts: 1 } } },
  },
  {
    title: "names every required member that is missing, in the service's words",
    act: () => ({}),
    refusals: {
      "organizations:DescribeAccount": {
        name: "ValidationException",
        message:
          "1 validation error detected: Value null at 'accountId' failed to satisfy constraint: Member must not be null",
      },
      "ec2:ModifyImageAttribute": {
        name: "MissingParameter",
        message: "The request must contain the parameter ImageId",
      },
      "sns:Publish without a message": {
        name: "InvalidParameterException",
        message: "Invalid parameter: Message Reason: no value for required parameter",
      },
    },
  },
  {
    title: "of an unknown access key has the name that each service gives it",
    caller: "AKIAIOSFODNN7EXAMPLE",
    refusals: {
      "ssm:GetParameter": failed("UnrecognizedClientException", 403),
      "sns:Publish": failed("InvalidClientTokenId", 403),
      "ec2:DescribeImages": failed("AuthFailure", 401),
    },
  },
];

describe.each(TRANSPORTS)("a refusal $name", ({ connect }) => {
  test.each(CASES.map((one) => [one.title, one] as const))("%s", async (_, { act, caller, refusals }) => {
    const calls = Object.keys(refusals) as (keyof typeof CALLS)[];
    const operations = act ? calls.map((call) => [call.split(" ")[0], act]) : [];
    const settings = await settingsFor(connect, fakeAws(Object.fromEntries(operations)), caller);

    const errors = await Promise.all(calls.map((call) => refusalOf(CALLS[call](settings))));

    expect(errors).toMatchObject(Object.values(refusals));
  });

  test("meets a session whose time is over, or whose token is missing", async () => {
    const aws = fakeAws({ "ssm:GetParameter": (_input, { principal }) => ({ Parameter: { Name: principal.arn } }) });
    const settings = await settingsFor(connect, aws);
    const role = rolePrincipal("arn:aws:iam::111122223333:role/builder", "s");
    const valid = credentialsOf(aws).issue(role, START + 1);
    const over = credentialsOf(aws).issue(role, START);
    const ask = (keys: object) => new SSM({ ...settings, credentials: keys as never }).getParameter({ Name: "/p" });

    const answer = await ask(valid);
    const errors = [await refusalOf(ask(over)), await refusalOf(ask({ ...valid, sessionToken: undefined }))];

    expect(answer.Parameter?.Name).toBe("arn:aws:sts::111122223333:assumed-role/builder/s");
    expect(errors).toMatchObject([{ name: "ExpiredTokenException" }, { name: "UnrecognizedClientException" }]);
  });

  test("of our own making is an InternalFailure that keeps its cause to the log", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const aws = fakeAws({ "ssm:GetParameter": () => (undefined as never as { a: { b: 1 } }).a.b });
    const settings = { ...(await settingsFor(connect, aws)), maxAttempts: 1 };

    const error = await refusalOf(new SSM(settings).getParameter({ Name: "/p" }));

    expect(error).toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
    expect(String(error)).not.toContain("undefined");
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});
