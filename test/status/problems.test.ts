import { readFileSync } from "node:fs";
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { LambdaClient, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPromotion } from "../../adapters/promotion/executions.ts";
import { timelineKinds } from "../../cli/build/read-timeline.ts";
import { problemKinds, type Status } from "../../cli/status/shape.ts";
import { readStatus } from "../../cli/status/status.ts";
import { parseBuildArn } from "../../events/ids.ts";
import example from "../../factory.config.ts";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { account } from "../world/running-factory.ts";
import { HOUR } from "../world/time.ts";
import { drawn, readingOf, statusOf } from "./life.ts";
import { image, makeTrouble } from "./trouble.ts";

let running: Deployed;
let trouble: Status;

beforeAll(async () => {
  running = await startDeployed();
  await makeTrouble(running);
  trouble = await statusOf(running);
}, 120_000);

afterAll(() => running.close());

const kindsOf = (status: Status): string[] => [...new Set(status.problems.map(({ kind }) => kind))].toSorted();

test("every kind of problem is found where the ledger or AWS has it, once", () => {
  // The next tests have them.
  const never = ["alarm", "promotion-stuck", "support-ended"];

  expect(kindsOf(trouble)).toEqual(
    Object.keys(problemKinds)
      .filter((kind) => !never.includes(kind))
      .toSorted(),
  );
  // The functions that run meanwhile fail because the builds do not exist.
  const more = ["consumer-failed", "dead-letters"];
  const single = trouble.problems.map(({ kind }) => kind).filter((kind) => !more.includes(kind));
  expect(single).toHaveLength(kindsOf(trouble).length - more.length);
});

test("an alarm, and a promotion that stays in one state for hours, are problems; those that wait are not", async () => {
  const { client, clock } = running;
  const alarm = "amint-acme-promotion-failed";
  const build = parseBuildArn(`arn:aws:imagebuilder:eu-west-1:${account}:image/acme-al2023-web/1.0.0/2`);
  const cloudWatch = client(CloudWatchClient);
  const set = (StateValue: "ALARM" | "OK") =>
    cloudWatch.send(new SetAlarmStateCommand({ AlarmName: alarm, StateValue, StateReason: "test" }));
  const promotion = `arn:aws:states:eu-west-1:${account}:stateMachine:amint-acme-promotion`;
  const after = async (hours: number) => {
    const now = new Date(clock.now() + hours * HOUR);
    const { problems } = await readStatus(readingOf(running), { factory: example, now });
    return problems.filter(({ kind }) => kind === "alarm" || kind === "promotion-stuck");
  };

  // Lambda has no room for its first function: Step Functions tries again in factory time, which stands still.
  const first = { FunctionName: "amint-acme-collect-evidence" };
  await client(LambdaClient).send(new PutFunctionConcurrencyCommand({ ...first, ReservedConcurrentExecutions: 0 }));
  await startPromotion(client(SFNClient), promotion, { image: "al2023-web", build });
  await set("ALARM");
  const [early, late] = [await after(1), await after(3)];
  await set("OK");

  expect(early).toMatchObject([
    {
      kind: "alarm",
      text: expect.stringMatching(/^amint-acme-promotion-failed: ./),
      command: `aws cloudwatch describe-alarms --alarm-names ${alarm}`,
    },
  ]);
  expect(late.map(({ kind, build: of }) => [kind, of])).toEqual([
    ["promotion-stuck", build],
    ["alarm", undefined],
  ]);
  expect(late[0]).toMatchObject({
    text: expect.stringMatching(/^the promotion of al2023-web 1\.0\.0\/2 is in the state CollectEvidence \(execution /),
    command: 'amint why "al2023-web 1.0.0/2"',
  });
});

test("the end of an operating system's support is a problem from the next day on", async () => {
  const on = async (day: string) => {
    const { problems } = await readStatus(readingOf(running), { factory: example, image, now: new Date(day) });
    return problems.filter(({ kind }) => kind === "support-ended");
  };

  expect(await on("2029-06-30T23:00:00Z")).toEqual([]);
  expect(await on("2029-07-01T00:00:00Z")).toEqual([
    {
      kind: "support-ended",
      image,
      since: "2029-06-30T23:59:59Z",
      text: `${image}: standard support of al2023 ended on 2029-06-30`,
      command: "amint validate",
      runbook: "Support ended",
    },
  ]);
});

test("each problem names a section of the runbook", () => {
  const sections = readFileSync("docs/operations.md", "utf8").matchAll(/^## (.*)$/gm);
  const known = new Set([...sections].map(([, title]) => title));

  expect(Object.values(problemKinds).filter((title) => !known.has(title))).toEqual([]);
});

test("the page names every key of the JSON object, and every kind", async () => {
  const page = readFileSync("docs/status.md", "utf8");
  const keysOf = (rows: readonly object[]): string[] => rows.flatMap((row) => Object.keys(row));
  const { problems, waiting, channels, now, next, unread } = trouble;
  const used = [
    ...Object.keys(trouble),
    ...keysOf([...problems, ...waiting, ...channels, ...now, ...next, ...unread]),
    ...keysOf(channels.flatMap(({ behind }) => behind ?? [])),
    ...[...waiting, ...now, ...next].map(({ kind }) => kind),
    ...Object.keys(problemKinds),
    ...timelineKinds,
  ];

  expect(new Set(used).size).toBeGreaterThan(60);
  expect([...new Set(used)].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("open decisions and what ends soon are listed with the command that answers them", () => {
  expect(trouble.waiting.map(({ kind, who }) => [kind, who])).toEqual([
    ["rollout-halted", undefined],
    ["hold-ends", undefined],
    ["waiver-ends", ["sec"]],
    ["approval", ["ada", "grace"]],
  ]);
  expect(trouble.waiting.find(({ kind }) => kind === "approval")?.commands).toEqual([
    'amint approve "al2023-base 1.0.0/1" --channel stable --reason "..."',
    'amint reject "al2023-base 1.0.0/1" --channel stable --reason "..."',
  ]);
});

test("a channel's row has its age, how far it is behind, and its marks", () => {
  const row = (of: string, channel: string, region: string) =>
    trouble.channels.find((one) => one.image === of && one.channel === channel && one.region === region);

  expect(row(image, "candidate", "us-east-1")).toMatchObject({
    version: "1.0.0/1",
    marks: ["deprecated"],
    behind: null,
    why: "its copy failed: quota",
  });
  expect(row("al2023-web", "candidate", "eu-west-1")).toMatchObject({ version: "1.0.0/1", marks: ["revoked"] });
  expect(row("al2023-web", "candidate", "eu-west-1")?.behind).toEqual({
    of: "builds",
    builds: 1,
    version: "1.0.0/2",
    seconds: 3600,
  });
  expect(row(image, "stable", "eu-west-1")).toMatchObject({ build: null, behind: { of: "candidate", builds: 1 } });
});

test("no line is wider than 100 columns", () => {
  const lines = drawn(trouble).split("\n");

  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter((line) => line.length > 100 && line.includes(" ", 100 - line.length))).toEqual([]);
});

test("one image's overview has that image's lines only", async () => {
  const web = await statusOf(running, "al2023-web");

  expect(new Set(web.channels.map((one) => one.image))).toEqual(new Set(["al2023-web"]));
  expect(web.problems.filter((one) => one.image === image)).toEqual([]);
  expect(kindsOf(web)).toContain("promotion-failed");
  expect(web.waiting.map(({ kind }) => kind)).toEqual(["waiver-ends"]);
});

test("a part that may not be read is named, and all others are shown", async () => {
  const iam = new IAMClient(running.options);
  const trust = { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" };
  const policy = { Effect: "Allow", Action: "dynamodb:*", Resource: "*" };
  const document = (Statement: object) => JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new CreateRoleCommand({ RoleName: "reader", AssumeRolePolicyDocument: document(trust) }));
  await iam.send(
    new PutRolePolicyCommand({ RoleName: "reader", PolicyName: "ledger", PolicyDocument: document(policy) }),
  );
  const RoleArn = `arn:aws:iam::${account}:role/reader`;
  const { Credentials } = await new STSClient(running.options).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "look" }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  const reading = { ...readingOf(running), alarms: new CloudWatchClient({ ...running.options, credentials }) };

  const found = await readStatus(reading, { factory: example, now: new Date(running.clock.now()) });

  expect(found.unread).toEqual([
    { part: "alarms", why: expect.stringMatching(/^AccessDenied.*cloudwatch:DescribeAlarms/) },
  ]);
  expect(kindsOf(found)).toEqual(kindsOf(trouble).filter((kind) => kind !== "dead-letters"));
  expect(drawn(found)).toContain("; incomplete\n\nCould not be read\n  alarms: AccessDenied");
});
