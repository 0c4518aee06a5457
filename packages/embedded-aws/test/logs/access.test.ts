import {
  type CloudWatchLogs,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { credentialsOf } from "../../src/authorization/credentials.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { makeRole } from "../policy.ts";
import { ACCOUNT, logsAws, REGION, START } from "./logs.ts";

const ARN = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/app/web`;
const logGroupName = "/app/web";

/** A client of a role with these statements, and groups `/app/web` (tagged) and `/app/other`. */
async function reader(...Statement: object[]): Promise<CloudWatchLogs> {
  const { aws, call, clientOf, client, group } = logsAws();
  await client.createLogGroup({ logGroupName, tags: { team: "web" } });
  await call("logs", "CreateLogStream", { logGroupName, logStreamName: "s" });
  await group("/app/other");
  const may = Statement.map((one) => ({ Effect: "Allow", ...one }));
  const keys = credentialsOf(aws).issue(await makeRole(aws, ACCOUNT, "reader", { AWS: ACCOUNT }, ...may));
  return clientOf(keys.accessKeyId, keys.sessionToken);
}

const filter = (name = logGroupName) => new FilterLogEventsCommand({ logGroupName: name });
const get = new GetLogEventsCommand({ logGroupName, logStreamName: "s" });
const put = new PutLogEventsCommand({
  logGroupName,
  logStreamName: "s",
  logEvents: [{ timestamp: START, message: "a" }],
});
const query = new StartQueryCommand({
  logGroupNames: [logGroupName, "/app/other"],
  startTime: START / 1_000,
  endTime: START / 1_000,
  queryString: "fields @message",
});

test("a policy names a group with :* at the end, and covers its streams so", async () => {
  const client = await reader({ Action: "logs:*", Resource: `${ARN}:*` });

  await client.send(filter());
  await client.send(get);
  await client.send(put);

  await expectRefusal(
    client.send(filter("/app/other")),
    "AccessDeniedException",
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/reader/session is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/app/other:log-stream: because no identity-based policy allows the logs:FilterLogEvents action`,
  );
  await expect(client.send(query)).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(client.describeLogGroups({})).rejects.toMatchObject({
    message: expect.stringContaining("log-group::log-stream:"),
  });
});

test("without :* a policy reaches the group's tags, and nothing else of it", async () => {
  const client = await reader({ Action: "logs:*", Resource: ARN });

  const { tags } = await client.listTagsForResource({ resourceArn: ARN });

  expect(tags).toEqual({ team: "web" });
  await expect(client.send(filter())).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("one stream alone can be granted", async () => {
  const client = await reader({ Action: ["logs:GetLogEvents", "logs:PutLogEvents"], Resource: `${ARN}:log-stream:s` });

  await client.send(put);
  await client.send(get);

  await expectRefusal(client.getLogEvents({ logGroupName, logStreamName: "other" }), "AccessDeniedException");
});

test("a group's tags decide who reads it", async () => {
  const Condition = { StringEquals: { "aws:ResourceTag/team": "web" } };
  const client = await reader({ Action: "logs:FilterLogEvents", Resource: "*", Condition });

  await client.send(filter());

  await expect(client.send(filter("/app/other"))).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("who creates a group with tags may also tag it", async () => {
  const create = (client: CloudWatchLogs) => client.createLogGroup({ logGroupName: "/app/new", tags: { team: "web" } });
  const Resource = "*";

  await create(await reader({ Action: ["logs:CreateLogGroup", "logs:TagResource"], Resource }));

  await expectRefusal(
    create(await reader({ Action: "logs:CreateLogGroup", Resource })),
    "AccessDeniedException",
    containing("logs:TagResource"),
  );
});
