// @module-tag deep
import { expect, test } from "vitest";
import { recordSlackAnswer } from "../../adapters/approval/approvals.ts";
import { DAY, HOUR } from "../world/time.ts";
import { channel, image, slackUser, startWaiting } from "./waiting-factory.ts";

test("approvers are reminded once; then the build stays where it is, and a late answer gets a notice", async () => {
  const waiting = await startWaiting();
  const message = await waiting.post();

  await waiting.pass(5 * DAY);
  await waiting.slack.press(message, "approve", slackUser("grace"));
  await waiting.pass(HOUR);

  expect(waiting.said("approval.requested").map(({ reminder }) => reminder)).toEqual([false, true]);
  expect(waiting.said("approval.expired")).toMatchObject([{ image, build: waiting.build, channel, answers: [] }]);
  expect(waiting.moved()).toEqual([`candidate ${waiting.build}`]);
  expect(waiting.said("promotion.failed")).toEqual([]);
  expect(waiting.said("drift.repaired")).toEqual([]);
  expect(await waiting.approval()).toMatchObject({ decided: { verdict: "expired" }, settled: true });
  expect(waiting.slack.replies[0]?.text).toMatch(/does not count: already expired: not answered in time\.$/);
});

test("an answer whose handling was lost is processed within the hour, and reported", async () => {
  const waiting = await startWaiting();
  const at = new Date(waiting.clock.now()).toISOString();
  // The click was taken, and the function died before it handed it on.
  await recordSlackAnswer(
    waiting.ledger,
    { build: waiting.build, channel },
    { id: "lost", identity: { slack: slackUser("grace").id }, verdict: "approved", at },
  );

  await waiting.pass(3 * HOUR);

  expect(waiting.said("approval.granted")).toHaveLength(1);
  expect(waiting.moved()).toEqual([`candidate ${waiting.build}`, `${channel} ${waiting.build}`]);
  expect(waiting.said("drift.repaired")).toMatchObject([
    { image, repair: expect.stringContaining("had been left unfinished") },
  ]);
});

test("a question about a newer build replaces the older one, whose buttons are replaced by a note", async () => {
  const waiting = await startWaiting();
  const older = waiting.build;
  const message = await waiting.post(older);

  const newer = await waiting.another();
  await waiting.slack.press(message, "approve", slackUser("grace"));
  await waiting.pass(HOUR);

  expect(newer).not.toBe(older);
  expect(waiting.said("promotion.superseded")).toMatchObject([{ image, build: older, channel, by: newer }]);
  expect(waiting.slack.replies[0]?.text).toMatch(/does not count: already withdrawn: 1\..* supersedes it/);
  expect(await waiting.approval(older)).toMatchObject({ decided: { verdict: "withdrawn", by: newer } });
  expect(waiting.moved().filter((moved) => moved.startsWith(channel))).toEqual([]);
  expect(await waiting.approval(newer)).not.toHaveProperty("decided");
});
