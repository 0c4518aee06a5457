// @module-tag deep
// @module-tag needs/boto3
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../src/server.ts";
import { programsThat, runAs } from "./installed.ts";
import { FACTORY, MANAGEMENT, START, wholeAws } from "./whole-aws.ts";

const PYTHONS = await programsThat("python3", "-c", "import boto3");

const PROGRAM = `
import boto3, json, os
from botocore.exceptions import ClientError
def client(name, account=os.environ["AWS_ACCESS_KEY_ID"], region="eu-west-1"):
    return boto3.client(name, region_name=region, endpoint_url=os.environ["AWS_ENDPOINT_URL"],
                        aws_access_key_id=account, aws_secret_access_key="any")
def refusal(call, **arguments):
    try:
        return call(**arguments) and None
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
said = {}
said["identity"] = client("sts").get_caller_identity()["Arn"]
pages = client("organizations", "${MANAGEMENT}").get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 1})
said["accounts"] = [account["Id"] for page in pages for account in page["Accounts"]]
said["images"] = client("ec2").describe_images(Owners=["self"])["Images"]
queues = client("sqs")
url = queues.create_queue(QueueName="parked", Attributes={"VisibilityTimeout": "7"})["QueueUrl"]
queues.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes={"n": {"DataType": "Number", "StringValue": "1"}})
said["messages"] = [m["Body"] for m in queues.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]]
said["attributes"] = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
topics = client("sns")
topic = topics.create_topic(Name="notices")["TopicArn"]
said["published"] = len(topics.publish(TopicArn=topic, Message="m")["MessageId"])
events = client("events")
said["rule"] = events.put_rule(Name="r", EventPattern='{"source":["aws.imagebuilder"]}')["RuleArn"]
said["events"] = events.put_events(Entries=[{"Source": "amint", "DetailType": "build.started", "Detail": "{}"}])["FailedEntryCount"]
parameters = client("ssm")
parameters.put_parameter(Name="/a", Value="v", Type="String")
said["modified"] = parameters.get_parameter(Name="/a")["Parameter"]["LastModifiedDate"].timestamp()
objects = client("s3")
objects.create_bucket(Bucket="evidence", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
objects.put_object(Bucket="evidence", Key="a b/é.json", Body=b"{}", Metadata={"build": "1"})
said["object"] = objects.get_object(Bucket="evidence", Key="a b/é.json")["Body"].read().decode()
said["keys"] = [o["Key"] for o in objects.list_objects_v2(Bucket="evidence")["Contents"]]
said["region"] = objects.get_bucket_location(Bucket="evidence")["LocationConstraint"]
said["refusals"] = {
    "sqs": refusal(queues.get_queue_url, QueueName="gone"),
    "sns": refusal(topics.get_topic_attributes, TopicArn=topic + "x"),
    "ssm": refusal(parameters.get_parameter, Name="/none"),
    "ec2": refusal(client("ec2").describe_images, ImageIds=["ami-00000000000000000"]),
    "s3": refusal(objects.get_object, Bucket="evidence", Key="none"),
    "organizations": refusal(client("organizations", "222233334444").describe_organization),
    "unbuilt": refusal(client("ec2").describe_fleets),
}
print(json.dumps(said))
`;

describe.each(PYTHONS.map((python, at) => ({ python, title: `boto3 ${at + 1}` })))("$title", ({ python }) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(wholeAws(), { port: 0 });
  });
  afterAll(() => server.close());

  test("works with every kind of service, and tells its refusals", { timeout: 120_000 }, async () => {
    const { stdout, stderr } = await runAs(python, ["-c", PROGRAM], server.url, FACTORY);

    expect(stderr.replace(/^.*(Warning|warn).*$/gm, "").trim()).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      identity: `arn:aws:iam::${FACTORY}:root`,
      accounts: [MANAGEMENT, FACTORY],
      images: [],
      messages: ["hello"],
      attributes: { VisibilityTimeout: "7" },
      published: 36,
      rule: `arn:aws:events:eu-west-1:${FACTORY}:rule/r`,
      events: 0,
      modified: START / 1000,
      object: "{}",
      keys: ["a b/é.json"],
      region: "eu-west-1",
      refusals: {
        sqs: [expect.stringMatching(/NonExistentQueue$|QueueDoesNotExist$/), 400],
        sns: ["NotFound", 404],
        ssm: ["ParameterNotFound", 400],
        ec2: ["InvalidAMIID.NotFound", 400],
        s3: ["NoSuchKey", 404],
        organizations: ["AWSOrganizationsNotInUseException", 400],
        unbuilt: ["NotImplemented", 400],
      },
    });
  });
});
