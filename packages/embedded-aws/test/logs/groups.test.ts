import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { policy } from "../policy.ts";
import { ACCOUNT, DAY, logsAws, REGION, START } from "./logs.ts";

const ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/app/web`;
const logGroupName = "/app/web";

test("a group is described with both forms of its ARN", async () => {
  const { client } = logsAws();
  await client.createLogGroup({ logGroupName, tags: { team: "web" } });

  const { logGroups } = await client.describeLogGroups({ logGroupNamePrefix: "/app" });

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
  for (const name of ["/b/one", "/a/two", "/a/one"]) await client.createLogGroup({ logGroupName: name });
  const names = async (input: object) =>
    (await client.describeLogGroups(input)).logGroups?.map((one) => one.logGroupName);

  const paged: (string | undefined)[][] = [];
  for await (const page of paginateDescribeLogGroups({ client, pageSize: 2 }, {})) {
    paged.push((page.logGroups ?? []).map((one) => one.logGroupName));
  }

  expect(paged).toEqual([["/a/one", "/a/two"], ["/b/one"]]);
  expect(await names({ logGroupNamePrefix: "/a/" })).toEqual(["/a/one", "/a/two"]);
  expect(await names({ logGroupNamePattern: "one" })).toEqual(["/a/one", "/b/one"]);
  const listed = await client.listLogGroups({ logGroupNamePattern: "^/b/|two" });
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
  await client.putRetentionPolicy({ logGroupName, retentionInDays: 3 });
  await put(logGroupName, ["old"]);
  await clock.runUntil(START + 2 * DAY);
  await put(logGroupName, ["new"]);
  const messages = async () =>
    (await client.getLogEvents({ logGroupName, logStreamName: "s" })).events?.map((one) => one.message);

  const before = await messages();
  await clock.runUntil(START + 4 * DAY);
  const after = await messages();
  await client.deleteRetentionPolicy({ logGroupName });

  expect([before, after, await messages()]).toEqual([["old", "new"], ["new"], ["new"]]);
  const { logGroups } = await client.describeLogGroups({});
  expect(logGroups).toMatchObject([{ storedBytes: 29 }]);
  expect(logGroups?.[0]).not.toHaveProperty("retentionInDays");
});

test("streams are ordered by name or by their last event", async () => {
  const { client, clock, group, put } = logsAws();
  await group(logGroupName, "a");
  await client.createLogStream({ logGroupName, logStreamName: "b" });
  await put(logGroupName, ["second"], "b");
  await clock.runUntil(START + 1_000);
  await put(logGroupName, ["third"], "a");
  const ordered = async (input: object) =>
    (await client.describeLogStreams({ logGroupName, ...input })).logStreams ?? [];

  const byName = await ordered({});
  const byTime = await ordered({ orderBy: "LastEventTime", descending: true });

  expect(byName.map((one) => one.logStreamName)).toEqual(["a", "b"]);
  expect(byTime.map((one) => [one.logStreamName, one.lastEventTimestamp])).toEqual([
    ["a", START + 1_000],
    ["b", START],
  ]);
  await client.deleteLogStream({ logGroupName, logStreamName: "a" });
  expect((await ordered({})).map((one) => one.arn)).toEqual([`${ARN}:log-stream:b`]);
});

test("tags are set and listed by ARN, and by the older operations on the same tags", async () => {
  const { client } = logsAws();
  await client.createLogGroup({ logGroupName, tags: { a: "1" } });
  const resourceArn = ARN;

  await client.tagResource({ resourceArn, tags: { b: "2" } });
  await client.tagLogGroup({ logGroupName, tags: { c: "3", d: "4" } });
  await client.untagResource({ resourceArn, tagKeys: ["a"] });
  await client.untagLogGroup({ logGroupName, tags: ["d"] });

  expect((await client.listTagsForResource({ resourceArn })).tags).toEqual({ b: "2", c: "3" });
  expect((await client.listTagsLogGroup({ logGroupName })).tags).toEqual({ b: "2", c: "3" });
  const many = Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`k${n}`, "v"]));
  await expect(client.tagResource({ resourceArn, tags: many })).rejects.toMatchObject({ name: "TooManyTagsException" });
});

test("deletion protection keeps a group until it is lifted", async () => {
  const { client } = logsAws();
  await client.createLogGroup({ logGroupName, deletionProtectionEnabled: true });
  const remove = () => client.deleteLogGroup({ logGroupName });
  const protect = { logGroupIdentifier: logGroupName, deletionProtectionEnabled: false };

  await expect(remove()).rejects.toMatchObject({ name: "ValidationException" });
  await client.putLogGroupDeletionProtection(protect);
  await remove();

  expect((await client.describeLogGroups({})).logGroups).toEqual([]);
});

test("a key is taken whose policy lets CloudWatch Logs use it, and no other", async () => {
  const { client, call } = logsAws();
  await client.createLogGroup({ logGroupName });
  const key = async (...statements: object[]) => {
    const owner = {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "kms:*",
      Resource: "*",
    };
    const Policy = policy(owner, ...statements);
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
  const kmsKeyId = async () => (await client.describeLogGroups({})).logGroups?.[0]?.kmsKeyId;

  await expectRefusal(
    client.associateKmsKey({ logGroupName, kmsKeyId: closed }),
    "InvalidParameterException",
    `The specified KMS key does not exist or is not allowed to be used with LogGroup '${ARN}'`,
  );
  await client.associateKmsKey({ logGroupName, kmsKeyId: usable });
  const associated = await kmsKeyId();
  await client.disassociateKmsKey({ logGroupName });

  expect([associated, await kmsKeyId()]).toEqual([usable, undefined]);
});
