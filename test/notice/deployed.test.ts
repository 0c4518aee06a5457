// @module-tag deep
import { expect, test } from "vitest";
import {
  messageOf,
  openApproval,
  recordDecision,
  recordJudgement,
  recordSlackAnswer,
} from "../../adapters/approval/approvals.ts";
import { pointChannel } from "../../adapters/channel/channels.ts";
import { read } from "../../adapters/ledger/reads.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { findParked } from "../../local/consumers/subscriber.ts";
import type { PostedMessage } from "../../local/slack/workspace.ts";
import { account, startFactory } from "../world/running-factory.ts";
import { HOUR, MINUTE } from "../world/time.ts";
import { envelope, feed, feedTitle, startTold, type Told } from "./told.ts";

const image = "al2023-base";
// No image of the example is built from it, so moving it by hand starts nothing.
const channel = "candidate";
const build = parseBuildArn(`arn:aws:imagebuilder:eu-west-1:${account}:image/acme-al2023-base/1.0.1/1`);
const newer = parseBuildArn(`arn:aws:imagebuilder:eu-west-1:${account}:image/acme-al2023-base/1.0.2/1`);
const previous = parseBuildArn(`arn:aws:imagebuilder:eu-west-1:${account}:image/acme-al2023-base/1.0.0/1`);
const subject = { image, build, channel };

const asked = { ...subject, approvers: ["ada", "grace"], required: 1, expiresAt: "2026-04-04T08:00:00.000Z" };

/** A factory with an open approval of a build, as `request-approval` leaves it. */
async function startAsked(): Promise<Told> {
  const told = await startTold();
  const startedAt = "2026-03-01T08:00:00.000Z";
  await pointChannel(told.ledger, image, channel, undefined, {
    build: previous,
    startedAt,
    amis: {},
    movedAt: startedAt,
  });
  await openApproval(told.ledger, { ...asked, token: "a-secret-token", requestedAt: "2026-04-01T08:00:00.000Z" });
  await told.tell("approval.requested", { ...asked, reminder: false });
  return told;
}

/** An answer that counts and decides, as `resolve-approval` leaves it. */
async function decide({ ledger }: Told, person: string, verdict: "approved" | "rejected"): Promise<void> {
  const at = "2026-04-01T09:00:00.000Z";
  const given = { id: person, identity: { slack: "U0000000ADA" }, verdict, at };
  await recordSlackAnswer(ledger, subject, given);
  await recordJudgement(ledger, subject, given, { outcome: "counted", person });
  await recordDecision(ledger, subject, { verdict: verdict === "approved" ? "granted" : "denied", at, owner: "test" });
}

/** What can still be pressed. */
const buttonsOf = ({ slack }: Told) =>
  slack.messages.flatMap(({ blocks }) => blocks.filter(({ type }) => type === "actions"));

const answers = [{ person: "ada", verdict: "approved", via: "slack", at: "2026-04-01T09:00:00.000Z" }];

test("a channel's notice says why its build was made", async () => {
  const factory = await startFactory();

  await factory.send("start-build", { trigger: "manual", image: "al2023-base", requestedBy: "ada", reason: "agents" });
  await factory.clock.runUntil(factory.clock.now() + 2 * HOUR);

  const [message] = factory.slack.messages;
  expect(message?.text).toContain("channel candidate moved to build");
  expect(JSON.stringify(message?.blocks)).toContain("Built because ada (unverified) requested it: agents");
});

test("a question is one message: it asks with buttons, and says in place who approved", async () => {
  const told = await startAsked();
  const [before] = told.slack.messages;
  await decide(told, "ada", "approved");

  await told.tell("approval.granted", { ...subject, answers });

  expect(before?.text).toBe("al2023-base: approve build 1.0.1/1 for candidate?");
  expect(JSON.stringify(before?.blocks)).toContain("Replaces: 1.0.0/1");
  expect(before?.blocks.at(-1)).toMatchObject({ elements: [{ action_id: "approve" }, { action_id: "reject" }] });
  expect(told.slack.messages).toMatchObject([{ text: "al2023-base: build 1.0.1/1 approved for candidate by ada" }]);
  expect(told.slack.messages[0]?.blocks.map(({ type }) => type)).toEqual(["header", "section"]);
  expect(await told.subjects()).toEqual([before?.text, told.slack.messages[0]?.text]);
  expect((await read(told.ledger, messageOf(subject)))?.ts).toBe(before?.ts);
  expect(JSON.stringify(told.slack.messages)).not.toContain("a-secret-token");
});

test("an answer that arrives before the question leaves no message with buttons", async () => {
  const told = await startTold();
  await openApproval(told.ledger, { ...asked, token: "t", requestedAt: "2026-04-01T08:00:00.000Z" });
  await decide(told, "ada", "rejected");

  await told.tell("approval.denied", { ...subject, answers: [{ ...answers[0], verdict: "rejected" }] });
  await told.tell("approval.requested", { ...asked, reminder: false });

  expect(told.slack.messages.map(({ text }) => text)).toEqual([
    "al2023-base: build 1.0.1/1 rejected for candidate by ada",
  ]);
  expect(buttonsOf(told)).toEqual([]);
});

test("an answer that comes while Slack keeps the question waiting leaves no message with buttons", async () => {
  const told = await startTold();
  await openApproval(told.ledger, { ...asked, token: "t", requestedAt: "2026-04-01T08:00:00.000Z" });
  told.slack.limit({ requests: 1, retryAfterSeconds: 30 });

  await told.send("notify", envelope("approval.requested", { ...asked, reminder: false }));
  await told.pass(10_000);
  await decide(told, "ada", "approved");
  await told.pass(MINUTE);

  expect(told.slack.messages).toMatchObject([
    {
      text: "al2023-base: build 1.0.1/1 approved for candidate by ada",
      before: [{ text: "al2023-base: approve build 1.0.1/1 for candidate?" }],
    },
  ]);
  expect(buttonsOf(told)).toEqual([]);
});

test("a reminder is posted below the question, which keeps its buttons", async () => {
  const told = await startAsked();

  await told.tell("approval.requested", { ...asked, reminder: true });

  const [question, reminder, ...more] = told.slack.messages;
  expect(more).toEqual([]);
  expect(question?.blocks.at(-1)?.type).toBe("actions");
  expect(reminder?.text).toBe("al2023-base: build 1.0.1/1 still needs approval for candidate");
  expect(reminder?.channelId).toBe(question?.channelId);
  expect(reminder?.blocks.map(({ type }) => type)).toEqual(["header", "section"]);
});

test("a question whose Slack message was deleted is posted again", async () => {
  const told = await startAsked();
  // Only Slack itself can do that.
  (told.slack.messages as PostedMessage[]).splice(0);
  await decide(told, "ada", "approved");

  await told.tell("approval.granted", { ...subject, answers });

  expect(told.slack.messages.map(({ text }) => text)).toEqual([
    "al2023-base: build 1.0.1/1 approved for candidate by ada",
  ]);
});

test("a newer build closes the question about the older one; where no question was asked, no notice is sent", async () => {
  const told = await startAsked();

  await told.tell("promotion.superseded", { ...subject, by: newer });
  await told.tell("promotion.superseded", { image, build: newer, channel, by: build });

  expect(told.slack.messages.map(({ text }) => text)).toEqual([
    "al2023-base: build 1.0.1/1 not promoted to candidate: superseded by the newer build 1.0.2/1",
  ]);
  expect(buttonsOf(told)).toEqual([]);
});

test("the question about a revoked build is closed", async () => {
  const told = await startAsked();
  const revoked = {
    image,
    build,
    reason: "it leaks keys",
    by: "ada",
    channels: [],
    withdrawn: [],
    sharedWith: [],
    left: [],
  };

  await told.tell("build.revoked", revoked);

  expect(told.slack.messages.map(({ text }) => text)).toEqual([
    "al2023-base: build 1.0.1/1 not promoted to candidate: ada revoked it: it leaks keys",
    "al2023-base: build 1.0.1/1 revoked",
  ]);
  expect(buttonsOf(told)).toEqual([]);
});

test("a message that Slack rate-limits is posted once, when Retry-After says", async () => {
  const told = await startTold();
  told.slack.limit({ requests: 2, retryAfterSeconds: 30 });

  await told.send("notify", envelope("feed.failed", feed));
  await told.pass(59_000);
  const early = told.slack.messages.length;
  await told.pass(5 * MINUTE);

  expect(early).toBe(0);
  expect(told.slack.messages.map(({ text }) => text)).toEqual([feedTitle]);
  expect(await told.subjects()).toEqual([feedTitle]);
  expect(await findParked(told.options)).toEqual([]);
});
