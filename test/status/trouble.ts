import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
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
import { recordDrift } from "../../adapters/repair/reported-drift.ts";
import { recordHold, recordRetirement } from "../../adapters/retirement/retirements.ts";
import { recordLeft, recordRevocation } from "../../adapters/revocation/revocations.ts";
import { putRollout } from "../../adapters/rollout/rollouts.ts";
import { recordTry } from "../../adapters/share/consumer-tries.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import type { Deployed } from "../world/deployed.ts";
import { account } from "../world/running-factory.ts";
import { DAY, HOUR, MINUTE } from "../world/time.ts";

const arn = (image: string, number: number) =>
  parseBuildArn(`arn:aws:imagebuilder:eu-west-1:${account}:image/acme-${image}/1.0.0/${number}`);
const ami = (number: number) => parseAmiId(`ami-${String(number).padStart(17, "0")}`);
export const image = "al2023-base";

/** Builds of an image, one per hour, with the given results. */
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
export async function makeTrouble({ ledger, clock, pass, options }: Deployed): Promise<void> {
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
  const queue = new SQSClient(options);
  const { QueueUrl } = await queue.send(new GetQueueUrlCommand({ QueueName: "amint-acme-notify-dead-letters" }));
  await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
  await pass(10 * MINUTE);
}
