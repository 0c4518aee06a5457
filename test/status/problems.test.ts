import { readFileSync } from "node:fs";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordFailure } from "../../adapters/advisories/feed-memory.ts";
import { recordParentAmi } from "../../adapters/advisories/parent-amis.ts";
import { openApproval, recordDecision } from "../../adapters/approval/approvals.ts";
import { recordOutcome, recordStart } from "../../adapters/build/builds.ts";
import { addPending, recordHeld } from "../../adapters/build/claims.ts";
import { pointChannel } from "../../adapters/channel/channels.ts";
import { emptyInLedger } from "../../adapters/channel/history.ts";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { saveExport } from "../../adapters/export/exports.ts";
import { recordWaiver } from "../../adapters/gate/waivers.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { recordFailedPromotion } from "../../adapters/promotion/failed-promotions.ts";
import { recordDrift } from "../../adapters/repair/told-drift.ts";
import { recordHold, recordRetirement } from "../../adapters/retirement/retirements.ts";
import { recordLeft, recordRevocation } from "../../adapters/revocation/revocations.ts";
import { putRollout } from "../../adapters/rollout/rollouts.ts";
import { recordTry } from "../../adapters/share/consumer-tries.ts";
import { timelineKinds } from "../../cli/build/timeline-entry.ts";
import { readStatus } from "../../cli/status/read-status.ts";
import { problemKinds, type Status } from "../../cli/status/shape.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import example from "../../factory.config.ts";
import { type Deployed, startDeployed } from "../world/deployed.ts";
import { account } from "../world/running-factory.ts";
import { DAY, HOUR, MINUTE } from "../world/time.ts";
import { drawn, readingOf, statusOf } from "./life.ts";

let running: Deployed;
let trouble: Status;

const arn = (image: string, number: number) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:${account}:image/acme-${image}/1.0.0/${number}`);
const ami = (number: number) => parseAmiId(`ami-${String(number).padStart(17, "0")}`);
const image = "al2023-base";

/** Builds of an image, one an hour, that ended as is said. */
async function recordBuilds(
  ledger: Ledger,
  of: string,
  from: number,
  ends: readonly ("passed" | "rejected" | "failed")[],
): Promise<void> {
  for (const [nth, end] of ends.entries()) {
    const build = arn(of, nth + 1);
    const startedAt = new Date(from + nth * HOUR).toISOString();
    const status = end === "failed" ? ("failed" as const) : ("available" as const);
    await recordStart(ledger, {
      image: of,
      build,
      startedAt,
      config: "the same",
      triggers: [{ kind: "manual", requestedBy: "ada" }],
    });
    const failure = { component: "acme-agents", phase: "build", step: "Install", reason: "exit status 22" };
    const amiId = ami(nth + 1);
    await recordOutcome(
      ledger,
      { image: of, build },
      { status, endedAt: startedAt, ...(end === "failed" ? { failure } : { amiId }) },
    );
    const reasons =
      end === "rejected"
        ? [{ rule: "cve", passed: false, found: "1 critical", allowed: "at most 0", examples: ["CVE-2026-1"] }]
        : [];
    if (end !== "failed") await recordGate(ledger, build, { verdict: end, reasons, decidedAt: startedAt });
  }
}

/** Everything that can be wrong, each once, as the factory's own functions record it. */
async function makeTrouble({ ledger, clock, pass }: Deployed): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  const day = at.slice(0, 10);
  const [old, rejected] = [arn(image, 1), arn(image, 2)];
  await recordBuilds(ledger, image, clock.now() - 50 * DAY, ["passed", "rejected"]);
  await recordBuilds(ledger, "ubuntu-2404-base", clock.now() - DAY, ["failed", "failed", "failed"]);
  await recordBuilds(ledger, "al2023-web", clock.now() - DAY, ["passed", "passed"]);
  const startedAt = new Date(clock.now() - 50 * DAY).toISOString();
  const behind = { "us-east-1": { why: "its copy failed: quota", build: old, amiId: ami(1) } };
  await pointChannel(ledger, image, "candidate", undefined, {
    build: old,
    startedAt,
    amis: { "eu-west-1": ami(1) },
    behind,
    movedAt: at,
  });
  await recordRetirement(ledger, { image, build: old, stage: "deprecated", at, why: ["old"] }, undefined);
  const web = arn("al2023-web", 2);
  await pointChannel(ledger, "al2023-web", "candidate", undefined, {
    build: arn("al2023-web", 1),
    startedAt: new Date(clock.now() - DAY).toISOString(),
    amis: { "eu-west-1": ami(1), "us-east-1": ami(2) },
    movedAt: at,
  });
  await recordRevocation(ledger, arn("al2023-web", 1), { reason: "leaks a key", by: "grace", at });
  await recordLeft(ledger, arn("al2023-web", 1), ["ami-1 in us-east-1: throttled"]);
  await recordFailedPromotion(ledger, {
    image: "al2023-web",
    build: web,
    error: "ShareNotVerified",
    cause: "denied by the key policy",
    at,
    left: [],
    told: true,
  });
  const asked = {
    image: "al2023-web",
    build: web,
    channel: "stable",
    requestedAt: at,
    expiresAt: at,
    approvers: ["ada"],
    required: 1,
  };
  await openApproval(ledger, { ...asked, token: "t" });
  await recordDecision(ledger, asked, { verdict: "expired", at, owner: "r" });
  await openApproval(ledger, {
    ...asked,
    image,
    build: old,
    token: "t",
    expiresAt: new Date(clock.now() + DAY).toISOString(),
    approvers: ["ada", "grace"],
  });
  const step = { waves: ["early"], first: true, bake: 900 };
  const rollout = {
    id: "r1",
    kind: "normal" as const,
    build: old,
    amis: {},
    movedAt: at,
    steps: [step],
    index: 0,
    startedAt: at,
    resumed: false,
    told: false,
  };
  await putRollout(ledger, { image, channel: "stable" }, undefined, {
    ...rollout,
    state: "halted",
    why: "the first group failed",
    changedAt: at,
  });
  await putRollout(ledger, { image, channel: "candidate" }, undefined, {
    ...rollout,
    state: "running",
    why: "1 held",
    changedAt: new Date(clock.now() - 2 * DAY).toISOString(),
  });
  const emptied = { image: "al2023-web", channel: "stable", now: new Date(clock.now()) };
  const had = { build: arn("al2023-web", 1), startedAt, amis: {}, movedAt: at };
  await pointChannel(ledger, "al2023-web", "stable", undefined, had);
  await emptyInLedger(ledger, emptied, had, { how: "revoke", by: "grace", because: "leaks a key" });
  await recordDrift(ledger, {
    image,
    channel: "candidate",
    what: "parameter",
    found: "the parameter was not there",
    repaired: false,
    at,
  });
  await recordDrift(ledger, { image, channel: "candidate", what: "share", found: "put right", repaired: true, at });
  await recordFailure(ledger, "https://updates.example.com/al2023", "READING", {
    code: "http-status",
    images: [image],
    since: at,
  });
  await recordParentAmi(ledger, image, { unresolved: { pattern: "al2023-*", code: "none", since: at } });
  await recordTry(
    ledger,
    { image, channel: "candidate" },
    { account: "200000000002", amis: {}, failed: "AccessDenied for sts:AssumeRole", failingSince: at, told: true },
  );
  await recordTry(ledger, { image, channel: "candidate" }, { account: "200000000003", amis: {}, told: false });
  const exported = {
    image,
    channel: "stable",
    build: old,
    amiId: ami(1),
    formats: ["vmdk" as const],
    attempt: 1,
    tries: 1,
    since: at,
    files: {},
  };
  await saveExport(ledger, { ...exported, state: "failed", failure: "the disk is too large", version: 1 }, undefined);
  await recordHold(ledger, { image, build: rejected, until: day, by: "ada", reason: "an audit", at });
  await recordWaiver(
    ledger,
    { finding: "CVE-2026-9", image: "*", owner: "sec", reason: "no network", until: day },
    { by: "sec", at },
  );
  await addPending(ledger, image, [{ token: "p", trigger: { kind: "manual", requestedBy: "grace" }, since: at }]);
  await recordHeld(ledger, image, "p", {
    code: "interval",
    reason: "the minimum interval is not over",
    until: new Date(clock.now() + HOUR).toISOString(),
    at,
  });
  const queue = new SQSClient(running.options);
  const { QueueUrl } = await queue.send(new GetQueueUrlCommand({ QueueName: "amint-acme-notify-dead-letters" }));
  await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
  await pass(10 * MINUTE);
}

beforeAll(async () => {
  running = await startDeployed({ functions: "in-process" });
  await makeTrouble(running);
  trouble = await statusOf(running);
}, 120_000);

afterAll(() => running.close());

const kindsOf = (status: Status): string[] => [...new Set(status.problems.map(({ kind }) => kind))].toSorted();

test("every kind of problem is found where the ledger or AWS has it, once", () => {
  const never = ["alarm", "promotion-stuck"];

  expect(kindsOf(trouble)).toEqual(
    Object.keys(problemKinds)
      .filter((kind) => !never.includes(kind))
      .toSorted(),
  );
  // The functions that run meanwhile fail over the builds that are not there.
  const more = ["consumer-failed", "dead-letters"];
  const single = trouble.problems.map(({ kind }) => kind).filter((kind) => !more.includes(kind));
  expect(single).toHaveLength(kindsOf(trouble).length - more.length);
});

test("each problem names a section of the runbook", () => {
  const sections = readFileSync("docs/runbook.md", "utf8").matchAll(/^## (.*)$/gm);
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
