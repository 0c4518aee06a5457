import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import { printFailure, printFound, printJson, say } from "../../cli/command/print.ts";
import { describeApproval } from "../../core/approval/notice.ts";
import type { Notice } from "../../core/notice/notice.ts";
import { describeNotice, noticeTable } from "../../core/notice/notice-table.ts";
import { toBlocks, toContext, toFallback } from "../../core/notice/slack-blocks.ts";
import { toSnsMessage } from "../../core/notice/sns-message.ts";
import { approvalExpired } from "../../events/approval.ts";
import { trigger } from "../../events/build.ts";
import { buildArn, channelName, imageName } from "../../events/ids.ts";
import { blockFaults } from "../../local/slack/block-kit.ts";
import { sizeOf } from "../whole/deep/size.ts";
import { customNotification } from "./custom-notification.ts";
import { hostile, hostileText } from "./hostile-values.ts";
import { pages } from "./pages.ts";

/** Each value has several texts: 10,000 of them go through every notice and every page. */
const { runs: numRuns, seed } = sizeOf({ quick: 20, deep: 2_500 });

/** Controls, and what turns text around or hides in it; but for the ends of lines. */
const UNSEEN = /(?!\n)\p{Cc}|(?![\u200c\u200d])\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u;

function steersNoReader(text: string): void {
  expect(text).not.toMatch(UNSEEN);
  expect(text).not.toMatch(/^FORGED/m);
}

/** What readers of a notice see in Slack, and in mails and chats by SNS. */
function checkNotice(notice: Notice): void {
  const blocks = toBlocks(notice) as unknown as { text: { text: string } }[];
  const [header = "", body = ""] = blocks.map(({ text }) => text.text);
  const [context] = toContext([notice.title]).elements;
  expect(blockFaults(blocks)).toEqual([]);
  expect(header).not.toMatch(/\n/);
  expect(body.slice(3, -3)).not.toMatch(/```|^`|`$|[<>]|&(?!amp;|lt;|gt;)/);
  expect(body.split("\n").length).toBeLessThanOrEqual(Math.max(1, notice.lines.length));
  for (const text of [toFallback(notice), context!.text]) expect(text).not.toMatch(/[<>`\n]/);

  const { subject, message, attributes } = toSnsMessage(notice, "event-1");
  const { default: plain = "", email = "", https = "" } = JSON.parse(message) as Record<string, string>;
  const q = customNotification.parse(JSON.parse(https));
  expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
  expect(plain.split("\n").length).toBeLessThanOrEqual(notice.lines.length + 2);
  const beside = Object.entries(attributes).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  expect(Buffer.byteLength(message) + beside).toBeLessThanOrEqual(262_144);
  for (const text of [q.content.title, q.content.description]) expect(text).not.toMatch(/[<>]/);

  const shown = [header, body, toFallback(notice), context!.text, plain, email, q.content.title!];
  for (const text of [...shown, q.content.description]) steersNoReader(text);
  for (const value of Object.values(attributes)) expect(value).toMatch(/^[^\p{Cc}\p{Cs}]+$/u);
}

const triggers = z.array(trigger);

test.for(noticeTable.map(({ event }) => event))(
  "whatever $detailType says, its notice steers no reader",
  ({ detailType, detail }) =>
    fc.assert(
      fc.property(hostile(detail as z.ZodType), hostile(triggers), (one, why) =>
        checkNotice(describeNotice({ detailType, detail: one }, why)),
      ),
      { numRuns, seed },
    ),
);

const question = z.object({
  image: imageName,
  build: buildArn,
  channel: channelName,
  approvers: z.array(z.string()),
  required: z.literal(2),
  expiresAt: z.iso.datetime(),
  answers: approvalExpired.detail.shape.answers,
  over: z.string().exactOptional(),
  decided: z
    .object({ verdict: z.enum(["granted", "denied", "expired", "withdrawn"]), reason: z.string() })
    .exactOptional(),
});

test("text of approvers and requesters cannot inject formatting into the question", () =>
  fc.assert(
    fc.property(hostile(question), hostile(triggers), fc.boolean(), (asked, why, reminder) => {
      const change = { image: asked.image, triggers: why, previous: undefined };
      checkNotice(describeApproval({ ...asked, change }, { event: "approval.requested", reminder }));
    }),
    { numRuns, seed },
  ));

/** Runs something with the two streams of the process listened to. */
function printed(print: () => void): string {
  let written = "";
  const { stdout, stderr } = process;
  const writes = [stdout.write, stderr.write] as const;
  stdout.write = stderr.write = (chunk: string | Uint8Array) => {
    written += String(chunk);
    return true;
  };
  try {
    print();
  } finally {
    [stdout.write, stderr.write] = writes;
  }
  return written;
}

test.for(pages)("whatever $name finds, its page steers no terminal and has no line of others", ({ found, draw }) =>
  fc.assert(
    fc.property(found, (one) => {
      steersNoReader(printed(() => printFound(one, draw)));
      const json = printed(() => printJson(one));
      expect(json.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(one)));
    }),
    { numRuns, seed },
  ),
);

test("whatever a sentence or an error names, it steers no terminal", () =>
  fc.assert(
    fc.property(hostileText, hostileText, (one, other) => {
      const sentence = printed(() => say`${one} is held until ${other}`);
      const failure = printed(() => printFailure(`${one}\n  - ${other}`));
      steersNoReader(`${sentence}${failure}`);
      expect(sentence.split("\n")).toHaveLength(2);
      for (const line of failure.trimEnd().split("\n").slice(1)) expect(line).toMatch(/^ |^$/);
    }),
    { numRuns: numRuns * 4, seed },
  ));
