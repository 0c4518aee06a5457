import { expect, test } from "vitest";
import { listAnswers, recordJudgement, recordSlackAnswer } from "../../adapters/approval/approvals.ts";
import { put } from "../../adapters/ledger/table.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { openWorld } from "../world/world.ts";

const channel = "stable";
const given = { id: "forged", verdict: "approved" as const, at: "2026-04-01T09:00:00.000Z" };
const identity = { slack: "U0000000ADA" };

/** Records that the function for Slack's answers can write. */
async function opened() {
  const { ledger, addBuild } = await openWorld();
  const { build } = await addBuild(1);
  return { ledger, subject: { build, channel }, key: keyOf("slackAnswer", { build, channel, ...given }) };
}

test("an answer that claims to count is checked anyway", async () => {
  const { ledger, subject, key } = await opened();
  await put(ledger, key, { ...given, identity, judgement: { outcome: "counted", person: "grace" } });

  expect(await listAnswers(ledger, subject)).toEqual([{ ...given, identity, via: "slack", judgement: undefined }]);
});

test("an answer from Slack cannot be given in the name of an IAM role", async () => {
  const { ledger, subject, key } = await opened();
  await put(ledger, key, {
    ...given,
    identity: { principal: "arn:aws:sts::111122223333:assumed-role/approver/grace" },
  });

  await expect(listAnswers(ledger, subject)).rejects.toThrow("slack");
});

test("a judged answer keeps its judgement when the answer is written again", async () => {
  const { ledger, subject, key } = await opened();
  await recordSlackAnswer(ledger, subject, { ...given, identity });
  await recordJudgement(ledger, subject, given, { outcome: "refused", code: "not-an-approver", reason: "not asked" });

  await put(ledger, key, { ...given, identity });

  expect(await listAnswers(ledger, subject)).toMatchObject([{ judgement: { outcome: "refused" } }]);
});
