import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Tone } from "../../core/factory/notify-schema.ts";
import { describeChannelMoved, type Notice } from "../../core/notice/notice.ts";
import { toSnsMessage, toSubject } from "../../core/notice/sns-message.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";
import { customNotification } from "./custom-notification.ts";

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.1/1");

const previousBuild = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/3");

const regions = { "eu-west-1": { amiId: parseAmiId("ami-0123456789abcdef0"), parameter: "/amint/base/stable" } };

const moved = describeChannelMoved({ image: "base", channel: "stable", build, previousBuild, regions }, []);

const read = (notice: Notice, id = "event-1") => {
  const { subject, message, attributes } = toSnsMessage(notice, id);
  const { default: text, email, https, ...others } = JSON.parse(message) as Record<string, string>;
  return { subject, message, attributes, text, email, others, amazonQ: customNotification.parse(JSON.parse(https!)) };
};

test("each protocol gets the shape it can show", () => {
  const { subject, attributes, text, email, others, amazonQ } = read(moved, "event-7");

  expect(subject).toBe("base: channel stable moved to build 1.0.1/1");
  expect(attributes).toEqual({ event: "channel.moved", image: "base", channel: "stable", tone: "good" });
  expect(text).toBe(
    "base: channel stable moved to build 1.0.1/1\n\nPrevious build: 1.0.0/3\neu-west-1: ami-0123456789abcdef0 in /amint/base/stable",
  );
  expect(email).toBe(`${text}\n\n-- \nevent: channel.moved, image: base, channel: stable, tone: good`);
  expect(others).toEqual({});
  expect(amazonQ).toEqual({
    version: "1.0",
    source: "custom",
    id: "event-7",
    content: {
      textType: "client-markdown",
      title: ":white_check_mark: base: channel stable moved to build 1.0.1/1",
      description: "```\nPrevious build: 1.0.0/3\neu-west-1: ami-0123456789abcdef0 in /amint/base/stable\n```",
      nextSteps: ['`amint rollback base stable --reason "..."`'],
      keywords: ["channel.moved", "base", "stable", "good"],
    },
    metadata: {
      threadId: build,
      summary: "base: channel stable moved to build 1.0.1/1",
      eventType: "channel.moved",
      relatedResources: [build],
      additionalContext: { event: "channel.moved", image: "base", channel: "stable", tone: "good" },
    },
  });
});

test("free text mentions no one in a chat, and ends no block", () => {
  const { amazonQ } = read({ ...moved, lines: ["Reason: <!channel> ``` & <@U1>"] });

  expect(amazonQ.content.description).toBe("```\nReason: &lt;!channel&gt; ''' &amp; &lt;@U1&gt;\n```");
});

test.each([
  ["base: channel stable moved to build 1.0.1/1", "base: channel stable moved to build 1.0.1/1"],
  ["openssl 3.0.8 → 3.0.9 …", "openssl 3.0.8 -> 3.0.9 ..."],
  ["Zoë revoked it: “leaks\nkeys”", 'Zoe revoked it: "leaks keys"'],
  [" 🔑 lost\r\n", "? lost"],
  ["x".repeat(101), `${"x".repeat(97)}...`],
  ["x".repeat(100), "x".repeat(100)],
  ["", "A notice without a title"],
])("the subject of %j is one that SNS takes", (title, subject) => {
  expect(toSubject(title)).toBe(subject);
});

test("a notice of many lines says how many are missing", () => {
  const lines = Array.from({ length: 20_000 }, (_, n) => `account ${n}`);

  const { text, email, amazonQ, message } = read({ ...moved, lines });

  const [, missing] = /\n\.\.\. and (\d+) more lines$/.exec(text!) ?? [];
  const shown = text!.split("\n").length - 3;
  expect(shown).toBeGreaterThan(2_000);
  expect(Number(missing) + shown).toBe(20_000);
  expect(email).toContain(`and ${missing} more lines`);
  expect(amazonQ.content.description).toMatch(/…\n```$/);
  expect(Buffer.byteLength(message)).toBeLessThan(262_144);
});

const tones: readonly Tone[] = ["good", "bad", "news", "question"];

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.constantFrom(
    "\u0000".repeat(9_000),
    '"'.repeat(90_000),
    "\\".repeat(90_000),
    "\n".repeat(90_000),
    "字".repeat(40_000),
  ),
);

const notices = fc.record({
  title: anyText,
  lines: fc.array(anyText, { maxLength: 4 }),
  tone: fc.constantFrom(...tones),
  attributes: fc.record({ event: fc.constant("channel.moved"), image: fc.constantFrom("base", "*") }),
});

test("whatever is in a notice, SNS takes it and Amazon Q understands it", () => {
  return fc.assert(
    fc.property(notices, (notice) => {
      const { subject, message, attributes, amazonQ } = read(notice);
      // Publish API reference: Message, MessageAttributes and Subject.
      const beside = Object.entries(attributes).reduce((sum, [name, value]) => sum + name.length + value.length + 6, 0);
      expect(Buffer.byteLength(message) + beside).toBeLessThanOrEqual(262_144);
      expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
      expect(amazonQ.source).toBe("custom");
    }),
    { numRuns: 200 },
  );
});
