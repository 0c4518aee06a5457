import {
  AssociateKmsKeyCommand,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  DisassociateKmsKeyCommand,
  GetLogEventsCommand,
  ListLogGroupsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
  TagLogGroupCommand,
  TagResourceCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { ACCOUNT, DAY, logsAws, REGION, START } from "./logs.ts";

const ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/app/web`;
const logGroupName = "/app/web";

test("a group is described with both forms of its ARN", async () => {
  const { client } = logsAws();
  await client.send(new CreateLogGroupCommand({ logGroupName, tags: { team: "web" } }));

  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/app" }));

  expect(logGroups).toEqual([
    {
      logGroupName,
      creationTime: START,
      metricFilterCount: 0,
      arn: `${ARN}:*`,
      logGroupArn: ARN,
      storedBytes: 0,
      logGroupClass: "STANDARD",
      deletionProtectionEnabled: false,
    },
  ]);
});

test("groups come sorted by name, page by page, and by prefix or part of the name", async () => {
  const { client } = logsAws();
  for (const name of ["/b/one", "/a/two", "/a/one"])
    await client.send(new CreateLogGroupCommand({ logGroupName: name }));
  const names = async (input: object) =>
    (await client.send(new DescribeLogGroupsCommand(input))).logGroups?.map((one) => one.logGroupName);

  const paged: (string | undefined)[][] = [];
  for await (const page of paginateDescribeLogGroups({ client, pageSize: 2 }, {})) {
    paged.push((page.logGroups ?? []).map((one) => one.logGroupName));
  }

  expect(paged).toEqual([["/a/one", "/a/two"], ["/b/one"]]);
  expect(await names({ logGroupNamePrefix: "/a/" })).toEqual(["/a/one", "/a/two"]);
  expect(await names({ logGroupNamePattern: "one" })).toEqual(["/a/one", "/b/one"]);
  const listed = await client.send(new ListLogGroupsCommand({ logGroupNamePattern: "^/b/|two" }));
  expect(listed.logGroups?.map((one) => one.logGroupName)).toEqual(["/a/two", "/b/one"]);
});

test("the refusals about groups and streams are AWS's", async () => {
  const { client, group } = logsAws();
  await group(logGroupName);
  const none = { logGroupName: "/none" };

  const refusals = [
    [
      new CreateLogGroupCommand({ logGroupName }),
      "ResourceAlreadyExistsException",
      "The specified log group already exists",
    ],
    [
      new CreateLogStreamCommand({ logGroupName, logStreamName: "s" }),
      "ResourceAlreadyExistsException",
      "The specified log stream already exists",
    ],
    [new DeleteLogGroupCommand(none), "ResourceNotFoundException", "The specified log group does not exist."],
    [new DescribeLogStreamsCommand(none), "ResourceNotFoundException", "The specified log group does not exist."],
    [
      new GetLogEventsCommand({ logGroupName, logStreamName: "none" }),
      "ResourceNotFoundException",
      "The specified log stream does not exist.",
    ],
    [
      new CreateLogGroupCommand({ logGroupName: "a b" }),
      "InvalidParameterException",
      "1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+",
    ],
    [
      new CreateLogGroupCommand({ logGroupName: "aws/mine" }),
      "InvalidParameterException",
      "Log groups starting with aws/ are reserved for AWS.",
    ],
    [
      new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 2 }),
      "InvalidParameterException",
      expect.stringContaining("Value '2' at 'retentionInDays'"),
    ],
    [
      new DescribeLogStreamsCommand({ logGroupName, orderBy: "LastEventTime", logStreamNamePrefix: "s" }),
      "InvalidParameterException",
      expect.any(String),
    ],
    [
      new DescribeLogGroupsCommand({ limit: 51 }),
      "InvalidParameterException",
      expect.stringContaining("less than or equal to 50"),
    ],
  ] as const;

  for (const [command, name, message] of refusals) {
    await expect(client.send(command as CreateLogGroupCommand), name).rejects.toMatchObject({ name, message });
  }
});

test("events expire as the clock passes, and do not come back with a longer retention", async () => {
  const { client, clock, group, put } = logsAws();
  await group(logGroupName);
  await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 3 }));
  await put(logGroupName, ["old"]);
  await clock.runUntil(START + 2 * DAY);
  await put(logGroupName, ["new"]);
  const messages = async () =>
    (await client.send(new GetLogEventsCommand({ logGroupName, logStreamName: "s" }))).events?.map(
      (one) => one.message,
    );

  const before = await messages();
  await clock.runUntil(START + 4 * DAY);
  const after = await messages();
  await client.send(new DeleteRetentionPolicyCommand({ logGroupName }));

  expect([before, after, await messages()]).toEqual([["old", "new"], ["new"], ["new"]]);
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({}));
  expect(logGroups).toMatchObject([{ storedBytes: 29 }]);
  expect(logGroups?.[0]).not.toHaveProperty("retentionInDays");
});

test("streams are ordered by name or by their last event", async () => {
  const { client, clock, group, put } = logsAws();
  await group(logGroupName, "a");
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName: "b" }));
  await put(logGroupName, ["second"], "b");
  await clock.runUntil(START + 1_000);
  await put(logGroupName, ["third"], "a");
  const ordered = async (input: object) =>
    (await client.send(new DescribeLogStreamsCommand({ logGroupName, ...input }))).logStreams ?? [];

  const byName = await ordered({});
  const byTime = await ordered({ orderBy: "LastEventTime", descending: true });

  expect(byName.map((one) => one.logStreamName)).toEqual(["a", "b"]);
  expect(byTime.map((one) => [one.logStreamName, one.lastEventTimestamp])).toEqual([
    ["a", START + 1_000],
    ["b", START],
  ]);
  await client.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: "a" }));
  expect((await ordered({})).map((one) => one.arn)).toEqual([`${ARN}:log-stream:b`]);
});

test("tags are set and listed by ARN, and by the older operations on the same tags", async () => {
  const { client } = logsAws();
  await client.send(new CreateLogGroupCommand({ logGroupName, tags: { a: "1" } }));
  const resourceArn = ARN;

  await client.send(new TagResourceCommand({ resourceArn, tags: { b: "2" } }));
  await client.send(new TagLogGroupCommand({ logGroupName, tags: { c: "3", d: "4" } }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
  await client.send(new UntagLogGroupCommand({ logGroupName, tags: ["d"] }));

  expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: "2", c: "3" });
  expect((await client.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ b: "2", c: "3" });
  const many = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`k${n}`, "v"]));
  await expect(client.send(new TagResourceCommand({ resourceArn, tags: many }))).rejects.toMatchObject({
    name: "TooManyTagsException",
  });
});

test("deletion protection keeps a group until it is lifted", async () => {
  const { client } = logsAws();
  await client.send(new CreateLogGroupCommand({ logGroupName, deletionProtectionEnabled: true }));
  const remove = () => client.send(new DeleteLogGroupCommand({ logGroupName }));
  const protect = { logGroupIdentifier: logGroupName, deletionProtectionEnabled: false };

  await expect(remove()).rejects.toMatchObject({ name: "ValidationException" });
  await client.send(new PutLogGroupDeletionProtectionCommand(protect));
  await remove();

  expect((await client.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
});

test("a key is taken whose policy lets CloudWatch Logs use it, and no other", async () => {
  const { client, call } = logsAws();
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  const key = async (...statements: object[]) => {
    const owner = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [owner, ...statements] });
    const { KeyMetadata } = await call<{ KeyMetadata: { Arn: string } }>("kms", "CreateKey", { Policy });
    return KeyMetadata.Arn;
  };
  const service = {
    Effect: "Allow",
    Principal: { Service: `logs.${REGION}.amazonaws.com` },
    Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    Resource: "*",
    Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": ARN } },
  };
  const [usable, closed] = [await key(service), await key()];
  const kmsKeyId = async () => (await client.send(new DescribeLogGroupsCommand({}))).logGroups?.[0]?.kmsKeyId;

  await expect(client.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId: closed }))).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: `The specified KMS key does not exist or is not allowed to be used with LogGroup '${ARN}'`,
  });
  await client.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId: usable }));
  const associated = await kmsKeyId();
  await client.send(new DisassociateKmsKeyCommand({ logGroupName }));

  expect([associated, await kmsKeyId()]).toEqual([usable, undefined]);
});
