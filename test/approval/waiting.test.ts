// @module-tag deep

import { setTimeout as sleep } from "node:timers/promises";
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { listOpenApprovals, recordDecision, recordSlackAnswer } from "../../adapters/approval/approvals.ts";
import { set } from "../../adapters/ledger/table.ts";
import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import factory from "../../factory.config.ts";
import { findOver } from "../../functions/approval/read-approval.ts";
import { resolveApproval } from "../../functions/approval/settle-approval.ts";
import type { Invocation } from "../../functions/invocation.ts";
import { ledgerOf } from "../world/ledger.ts";
import { DAY, HOUR } from "../world/time.ts";
import { channel, image, slackUser, startWaiting, type WaitingFactory } from "./waiting-factory.ts";

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

test("a build that is revoked while it waits can no longer be approved, and no notice reports an expiry", async () => {
  const waiting = await startWaiting();
  const { build, promotions, clock } = waiting;
  const message = await waiting.post();
  const at = new Date(clock.now()).toISOString();
  await recordRevocation(waiting.ledger, build, { reason: "CVE-2026-99901", by: "grace", at });
  const { executionArn } = await waiting.promotion();
  await promotions.send(new StopExecutionCommand({ executionArn }));

  await waiting.slack.press(message, "approve", slackUser("grace"));
  await waiting.pass(2 * HOUR);

  expect(waiting.slack.replies[0]?.text).toMatch(/does not count: .* is revoked: CVE-2026-99901\.$/);
  expect(await waiting.approval()).toMatchObject({ decided: { verdict: "withdrawn" }, settled: true });
  expect(waiting.moved()).toEqual([`candidate ${build}`]);
  for (const silent of ["approval.granted", "approval.denied", "approval.expired", "drift.repaired"]) {
    expect(waiting.said(silent), silent).toEqual([]);
  }
});

test("an answer for a channel that left the config gets its name, and the wait continues", async () => {
  const waiting = await startWaiting();
  const { build, ledger } = waiting;
  const config = factory.images[image]!;
  const without = { ...config, channels: config.channels.filter(({ name }) => name !== channel) };
  const place = { partition: "aws", region: factory.buildRegion, account: "111122223333" };
  const settings = { factory: { ...factory, images: { ...factory.images, [image]: without } }, place, env: {} };

  const over = await findOver({ image, build, channel }, undefined, { ledger, settings });

  expect(over).toEqual({
    reason: `the config of ${image} no longer has a channel "${channel}"; it has candidate`,
    ends: false,
  });
});

/** Arguments of `resolve-approval`, as one of several concurrent runs. */
function stepOf(waiting: WaitingFactory, requestId: string, pause?: number): Invocation {
  const { options, ledger } = waiting;
  const { documents } = ledgerOf(options);
  let updates = 0;
  documents.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        // From its second update on it is slower than the others.
        if (pause && commandName?.startsWith("Update") && updates++ > 0) await sleep(pause);
        return await next(args);
      },
    { step: "initialize" },
  );
  return waiting.step({ ledger: { ...ledger, documents }, requestId });
}

async function answerOf(waiting: WaitingFactory, name: string, verdict: "approved" | "rejected") {
  const { build, clock, ledger } = waiting;
  const at = new Date(clock.now()).toISOString();
  const identity = { slack: slackUser(name).id };
  await recordSlackAnswer(ledger, { build, channel }, { id: `${name} ${verdict}`, identity, verdict, at });
}

test("two answers that are evaluated concurrently both count", async () => {
  const waiting = await startWaiting("another requester");
  const { build, ledger } = waiting;
  // As a config with the two-person rule asks.
  await set(ledger, keyOf("approval", { build, channel }), { required: 2 });
  for (const name of ["ada", "grace"]) await answerOf(waiting, name, "approved");

  // One judges the first answer, the other one the second, and neither has both.
  await Promise.all(
    [stepOf(waiting, "slow", 200), stepOf(waiting, "fast")].map((step) => resolveApproval({ build, channel }, step)),
  );
  await waiting.pass(HOUR);

  expect(waiting.said("approval.granted")).toMatchObject([{ answers: [{ person: "ada" }, { person: "grace" }] }]);
  expect(await listOpenApprovals(ledger)).toEqual([]);
});

test("the first decision stays when another one is made at the same moment", async () => {
  const waiting = await startWaiting("another requester");
  const { build, ledger } = waiting;
  await answerOf(waiting, "ada", "approved");
  await resolveApproval({ build, channel }, stepOf(waiting, "first"));

  const other = { verdict: "denied", at: new Date(waiting.clock.now()).toISOString(), owner: "second" } as const;
  const taken = await recordDecision(ledger, { build, channel }, other);

  expect(taken).toBe(false);
  expect(await waiting.approval()).toMatchObject({ decided: { verdict: "granted", owner: "first" } });
});
