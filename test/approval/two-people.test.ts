// @module-tag deep
import { expect, test } from "vitest";
import { findApproval, openApproval } from "../../adapters/approval/approvals.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { MINUTE } from "../world/time.ts";
import { slackUser, startWaiting } from "./waiting-factory.ts";

const image = "al2023-web";
const channel = "stable";
const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-al2023-web/1.0.1/1");

/** A question that needs two approvals, as `request-approval` creates it. */
async function startAsked() {
  const waiting = await startWaiting();
  const { clock, ledger, send } = waiting;
  const at = (minutes: number) => new Date(clock.now() + minutes * MINUTE).toISOString();
  const asked = { image, build, channel, approvers: ["ada", "grace"], required: 2, expiresAt: at(600) };
  await openApproval(ledger, { ...asked, token: "a-token", requestedAt: at(0) });
  await send("notify", {
    id: "asked",
    time: at(0),
    account: "111122223333",
    region: "eu-west-1",
    resources: [],
    source: "amint",
    "detail-type": "approval.requested",
    detail: asked,
  });
  await waiting.pass(MINUTE);
  const title = `${image}: approve build 1.0.1/1 for ${channel}?`;
  const message = () => {
    const found = waiting.slack.messages.find(({ text }) => text.includes("1.0.1/1"));
    if (!found) throw new Error(`Slack has no message "${title}"`);
    return found;
  };
  return { ...waiting, title, message };
}

test("the first of two approvals is shown in the question, whose buttons stay for the second", async () => {
  const asked = await startAsked();
  const { slack, title, message } = asked;
  const before = message();

  await slack.press(before, "approve", slackUser("ada"));
  await asked.pass(MINUTE);

  expect(before.text).toBe(title);
  const halfway = message();
  expect(halfway.ts).toBe(before.ts);
  expect(halfway.text).toBe(`${title} approved by ada, one more needed`);
  expect(JSON.stringify(halfway.blocks)).toContain("approved by ada (slack, ");
  expect(halfway.blocks.at(-1)).toMatchObject({ elements: [{ action_id: "approve" }, { action_id: "reject" }] });
  // Only who has not answered is called.
  expect(JSON.stringify(before.blocks)).toContain(`<@${slackUser("ada").id}> <@${slackUser("grace").id}>`);
  expect(JSON.stringify(halfway.blocks)).not.toContain(`<@${slackUser("ada").id}>`);
  expect(asked.said("approval.given")).toMatchObject([
    { image, build, channel, answers: [{ person: "ada", verdict: "approved", via: "slack" }] },
  ]);
  expect(slack.replies.at(-1)?.text).toMatch(/counts: 1 more of grace must approve\.$/);
  expect((await findApproval(asked.ledger, { build, channel }))?.decided).toBeUndefined();
});

test("an answer that does not count changes nothing in the message, and only the user who clicked sees why", async () => {
  const asked = await startAsked();
  const { slack, title, message } = asked;
  await slack.press(message(), "approve", slackUser("ada"));
  await asked.pass(MINUTE);

  await slack.press(message(), "approve", slackUser("ada"));
  await slack.press(message(), "approve", { id: "U0STRANGER", name: "mallory" });
  await asked.pass(MINUTE);

  expect(message().text).toBe(`${title} approved by ada, one more needed`);
  expect(asked.said("approval.given")).toHaveLength(1);
  expect(slack.replies.slice(-2)).toEqual([
    {
      userId: slackUser("ada").id,
      ephemeral: true,
      text: expect.stringContaining("does not count: ada already approved it at"),
    },
    {
      userId: "U0STRANGER",
      ephemeral: true,
      text: expect.stringContaining("the Slack user U0STRANGER matches no entry"),
    },
  ]);
});
