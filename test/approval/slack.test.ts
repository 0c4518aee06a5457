import { eventsIn } from "embedded-aws/state";
import { expect, test } from "vitest";
import factory from "../../factory.config.ts";
import { DAY, HOUR, MINUTE } from "../world/time.ts";
import { channel, image, slackUser, startWaiting, stranger, type WaitingFactory } from "./waiting-factory.ts";

const account = "111122223333";

const logsOfAll = ({ booted, options }: WaitingFactory): string =>
  booted.deployment
    ? ["request-approval", "answer-slack", "resolve-approval", "expire-approval"]
        .flatMap((name) => eventsIn(booted.aws, account, options.region, `/aws/lambda/amint-${factory.name}-${name}`))
        .map(({ message }) => message)
        .join("")
    : "";

test("a promotion waits for approvers, and one approves it with a click; no message shows the token", async () => {
  const waiting = await startWaiting();
  const { slack, build } = waiting;
  const before = waiting.moved();
  const message = await waiting.post();

  const click = await slack.press(message, "approve", slackUser("grace"));
  await waiting.pass(HOUR);

  expect(before).toEqual([`candidate ${build}`]);
  expect(waiting.said("approval.requested")).toMatchObject([
    { image, build, channel, approvers: ["ada", "grace"], required: 1, reminder: false },
  ]);
  expect(click.status).toBe(200);
  expect(click.tookMs).toBeLessThan(3_000);
  expect(waiting.said("approval.granted")).toMatchObject([
    { build, channel, answers: [{ person: "grace", verdict: "approved", via: "slack" }] },
  ]);
  expect(waiting.moved()).toEqual([`candidate ${build}`, `${channel} ${build}`]);
  expect(slack.replies).toMatchObject([{ userId: slackUser("grace").id, ephemeral: true }]);
  expect(slack.replies[0]?.text).toMatch(/is approved for stable\.$/);
  const approval = await waiting.approval();
  expect(approval).toMatchObject({ decided: { verdict: "granted" }, settled: true });
  const token = approval?.token ?? "";
  expect(token.length).toBeGreaterThan(20);
  expect(logsOfAll(waiting)).toContain("request-approval");
  expect(logsOfAll(waiting)).not.toContain(token);
  expect(JSON.stringify([waiting.events, slack.messages, slack.replies])).not.toContain(token);
  expect(waiting.said("drift.repaired")).toEqual([]);
});

test("neither an unknown user nor the requester can approve alone; each gets the reason", {
  tags: "deep",
}, async () => {
  const waiting = await startWaiting("ada");
  const message = await waiting.post();

  await waiting.slack.press(message, "approve", stranger);
  await waiting.pass(HOUR);
  await waiting.slack.press(message, "approve", slackUser("ada"));
  await waiting.pass(HOUR);
  const alone = waiting.moved();
  await waiting.slack.press(message, "approve", slackUser("grace"));
  await waiting.pass(HOUR);

  expect(alone).toHaveLength(1);
  expect(waiting.slack.replies.map(({ text }) => text)).toEqual([
    expect.stringMatching(/does not count: the Slack user U0STRANGER matches no entry of the config's people\.$/),
    expect.stringMatching(/counts: ada requested the build; one of grace must also approve\.$/),
    expect.stringMatching(/is approved for stable\.$/),
  ]);
  expect((await waiting.answers())[0]).toMatchObject({
    identity: { slack: stranger.id },
    name: "mallory",
    judgement: { outcome: "refused", code: "unknown-person" },
  });
  expect(waiting.moved()).toHaveLength(2);
  expect(waiting.said("approval.granted")).toMatchObject([{ answers: [{ person: "ada" }, { person: "grace" }] }]);
});

test("a rejection ends the promotion and leaves earlier channels as they are; later answers get the outcome", {
  tags: "deep",
}, async () => {
  const waiting = await startWaiting();
  const message = await waiting.post();

  await waiting.slack.press(message, "reject", slackUser("grace"));
  await waiting.pass(HOUR);
  await waiting.slack.press(message, "approve", slackUser("ada"));
  await waiting.pass(DAY);

  expect(waiting.said("approval.denied")).toMatchObject([{ answers: [{ person: "grace", verdict: "rejected" }] }]);
  expect(waiting.moved()).toEqual([`candidate ${waiting.build}`]);
  expect(waiting.said("promotion.failed")).toEqual([]);
  expect((await waiting.promotion()).status).toBe("SUCCEEDED");
  expect(waiting.slack.replies[1]?.text).toMatch(/does not count: already denied: rejected by grace \(slack\)\.$/);
  expect(await waiting.answers()).toMatchObject([
    { judgement: { outcome: "counted", person: "grace" } },
    { judgement: { outcome: "refused", code: "decided" } },
  ]);
});

const forgeries = [
  ["signed with another secret", { forged: "secret" }, "forged"],
  ["with a forged body", { forged: "body" }, "forged"],
  ["with another time than the signed one", { forged: "timestamp", delayedMs: 10 * MINUTE }, "forged"],
  ["without a signature", { forged: "unsigned" }, "unsigned"],
  ["older than five minutes", { delayedMs: 5 * MINUTE + 2_000 }, "late"],
] as const;

test("a request that is forged, late or sent again is refused, logged and counted, and changes nothing", {
  tags: "deep",
}, async () => {
  const waiting = await startWaiting("ada");
  const { slack } = waiting;
  const message = await waiting.post();

  for (const [what, how, why] of forgeries) {
    const click = await slack.press(message, "approve", slackUser("grace"), how);

    expect(click.status, what).toBe(403);
    const logs = logsOfAll(waiting);
    expect(logs.slice(logs.lastIndexOf("Slack request rejected")), what).toContain(`"why":"${why}"`);
  }
  await waiting.pass(HOUR);
  expect(await waiting.answers()).toEqual([]);

  const click = await slack.press(message, "approve", slackUser("ada"));
  const replayed = await slack.replay(click);
  await waiting.pass(HOUR);

  expect([click.status, replayed.status]).toEqual([200, 403]);
  expect(await waiting.answers()).toHaveLength(1);
  const logs = logsOfAll(waiting);
  expect(logs).toContain('"why":"replayed"');
  expect(logs.match(/"SlackRequestRefused":1/g)).toHaveLength(forgeries.length + 1);
  expect(waiting.moved()).toHaveLength(1);
});
