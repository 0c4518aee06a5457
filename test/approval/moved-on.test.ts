// @module-tag deep
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { recordRevocation } from "../../adapters/revocation/revocations.ts";
import factory from "../../factory.config.ts";
import { findOver } from "../../functions/approval/read-approval.ts";
import { HOUR } from "../world/time.ts";
import { channel, image, slackUser, startWaiting } from "./waiting-factory.ts";

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
